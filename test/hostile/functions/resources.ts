import { limitsNumberOfFiles } from '../../support/gvisor.js';
import { answers, either, fails, handler, type HostileFunction } from './hostile-function.js';

const outOfMemory = fails('FUNCTION_OUT_OF_MEMORY');
const timesOut = fails('FUNCTION_TIMEOUT');

/** Takes all it can get of processes, memory, processor, disk and descriptors. */
export const greedyFunctions: readonly HostileFunction[] = [
  {
    title: 'a bomb of processes',
    code: handler(`
      const { spawn } = require('node:child_process');
      let born = 0, refused;
      while (!refused && born < 500) {
        const child = spawn(process.execPath, ['--max-old-space-size=16', '-e', 'setInterval(() => 1, 1e6)']);
        child.on('error', ({ code }) => (refused = code));
        await new Promise((resolve) => setTimeout(resolve, 5));
        if (child.pid) born += 1;
      }
      return { body: { born, refused } };`),
    expected: either(
      answers(({ born, refused }: { born: number; refused: string }) => born < 64 && refused === 'EAGAIN'),
      fails('FUNCTION_OUT_OF_MEMORY', 'FUNCTION_EXITED', 'FUNCTION_TIMEOUT', 'FUNCTION_ERROR'),
    ),
  },
  {
    title: 'a bomb of threads',
    code: handler(`
      const { Worker } = require('node:worker_threads');
      const idle = new Array(500).fill('setInterval(() => 1, 1e6)');
      const born = await Promise.allSettled(idle.map((code) => new Promise((resolve, reject) => {
        const worker = new Worker(code, { eval: true, resourceLimits: { maxOldGenerationSizeMb: 4 } });
        worker.on('online', resolve).on('error', reject);
      })));
      return { body: born.filter(({ status }) => status === 'fulfilled').length };`),
    expected: either(
      answers((born: number) => born < 64),
      fails('FUNCTION_OUT_OF_MEMORY', 'FUNCTION_EXITED', 'FUNCTION_TIMEOUT', 'FUNCTION_ERROR'),
    ),
  },
  {
    title: 'a hog of memory outside the heap',
    code: handler(`const all = []; for (;;) all.push(Buffer.alloc(8 * 1024 * 1024, 1));`),
    expected: outOfMemory,
  },
  {
    title: 'a hog of the heap',
    code: handler(`const all = []; for (;;) all.push({ text: 'x'.repeat(1000) + all.length });`),
    expected: either(outOfMemory, timesOut),
  },
  {
    title: 'a hog while its code loads',
    code: `const all = []; for (;;) all.push(Buffer.alloc(8 * 1024 * 1024, 1));`,
    expected: outOfMemory,
  },
  {
    title: 'a child that is killed for memory while its parent answers',
    code: handler(`
      const { spawnSync } = require('node:child_process');
      const hog = 'const all = []; for (;;) all.push(Buffer.alloc(8388608, 1))';
      const { signal } = spawnSync(process.execPath, ['-e', hog], { stdio: 'ignore' });
      return { body: signal };`),
    expected: either(
      answers((signal: string) => signal === 'SIGKILL'),
      outOfMemory,
    ),
  },
  { title: 'a loop without end', code: handler('for (;;);'), expected: timesOut },
  {
    title: 'a loop without end at its top level',
    code: 'for (;;);',
    expected: fails('FUNCTION_INIT_TIMEOUT'),
  },
  {
    title: 'a regular expression without end',
    code: handler(`return /^(a+)+$/.test('a'.repeat(60) + '!');`),
    expected: timesOut,
  },
  {
    title: 'a promise that never settles',
    code: handler('return new Promise(() => setInterval(() => 1, 1000));'),
    expected: timesOut,
  },
  {
    title: 'an await at its top level that never ends',
    code: {
      'index.mjs': 'setInterval(() => 1, 1e6); await new Promise(() => undefined); export const handler = 1;',
    },
    expected: fails('FUNCTION_INIT_TIMEOUT'),
  },
  {
    title: 'a filler of /tmp by bytes',
    code: handler(`
      const { openSync, writeSync } = require('node:fs');
      let bytes = 0;
      try {
        for (let n = 0; n < 200; n += 1) {
          const file = openSync('/tmp/' + n, 'w');
          bytes += writeSync(file, Buffer.alloc(1024 * 1024));
        }
      } catch ({ code }) { return { body: { bytes, code } }; }`),
    expected: either(
      answers(
        ({ bytes, code }: { bytes: number; code: string }) => bytes <= 64 * 1024 ** 2 && code === 'ENOSPC',
      ),
      outOfMemory,
    ),
  },
  {
    title: 'a filler of /tmp by one file',
    code: handler(`
      const { openSync, writeSync } = require('node:fs');
      process.on('SIGXFSZ', () => undefined);
      const file = openSync('/tmp/one', 'w');
      let bytes = 0;
      try { for (;;) bytes += writeSync(file, Buffer.alloc(1024 * 1024)); }
      catch ({ code }) { return { body: { bytes, code } }; }`),
    expected: either(
      answers(
        ({ bytes, code }: { bytes: number; code: string }) =>
          bytes <= 64 * 1024 ** 2 && ['ENOSPC', 'EFBIG'].includes(code),
      ),
      fails('FUNCTION_OUT_OF_MEMORY', 'FUNCTION_EXITED'),
    ),
  },
  {
    title: 'a filler of /tmp by names',
    code: handler(`
      const { writeFileSync } = require('node:fs');
      let files = 0;
      try { for (; files < 1e5; files += 1) writeFileSync('/tmp/' + files, ''); }
      catch ({ code }) { return { body: { files, code } }; }`),
    expected: limitsNumberOfFiles
      ? answers(({ files, code }: { files: number; code: string }) => files <= 4096 && code === 'ENOSPC')
      : either(outOfMemory, timesOut),
  },
  {
    title: 'a flood on the console',
    code: handler(`
      for (let n = 0; n < 30000; n += 1) console.log('x'.repeat(1000));
      return { body: 'done' };`),
    expected: either(
      answers((said: string) => said === 'done'),
      timesOut,
    ),
  },
  {
    title: 'a flood on the process’s own output',
    code: handler(`
      const { writeSync } = require('node:fs');
      const block = Buffer.alloc(65536, 'y');
      for (let n = 0; n < 1000; n += 1) for (const out of [1, 2]) try { writeSync(out, block); } catch {}
      return { body: 'done' };`),
    expected: either(
      answers((said: string) => said === 'done'),
      timesOut,
    ),
  },
  {
    title: 'a hoarder of descriptors',
    code: handler(`
      const { openSync } = require('node:fs');
      let open = 0;
      try { for (;;) { openSync('/glambdar/code/index.js'); open += 1; } }
      catch ({ code }) { return { body: { open, code } }; }`),
    expected: answers(({ open, code }: { open: number; code: string }) => open < 1024 && code === 'EMFILE'),
  },
  {
    title: 'a hoarder of watches and pipes',
    code: handler(`
      const { watch } = require('node:fs');
      const { spawn } = require('node:child_process');
      let watches = 0;
      const all = [];
      try { for (; watches < 20000; watches += 1) all.push(watch('/tmp').on('error', () => 1)); } catch {}
      for (let n = 0; n < 20; n += 1) spawn(process.execPath, ['-v']).on('error', () => 1);
      return { body: watches };`),
    expected: either(
      answers((watches: number) => watches >= 0),
      fails('FUNCTION_OUT_OF_MEMORY', 'FUNCTION_ERROR', 'FUNCTION_EXITED'),
    ),
  },
  {
    title: 'one that answers and goes on running',
    code: handler(`setInterval(() => { for (;;); }, 10); return { body: 'answered' };`),
    expected: answers((said: string) => said === 'answered'),
  },
];
