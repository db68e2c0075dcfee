import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Inspector } from '../support/inspector.js';
import { becomes } from '../support/eventually.js';

/** The debugger listens before the program runs. */
const program = `process.stderr.write('runs\\n'); setInterval(() => {}, 1000)`;
const writeSteps = fileURLToPath(new URL('../hostile/steps/write-steps.mjs', import.meta.url));

describe('a process whose writes have faults', () => {
  let directory: string;
  let inspector: Inspector;
  let ended: Promise<unknown[]>;
  let printed = '';
  let kill: () => void;

  beforeEach(async () => {
    directory = await realpath(await mkdtemp(join(tmpdir(), 'gl-')));
    const args = ['--inspect=127.0.0.1:0', '--import', writeSteps, '-e', program];
    const child = spawn(process.execPath, args, {
      env: { GLAMBDAR_DIR: directory },
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    kill = () => child.kill('SIGKILL');
    ended = once(child, 'close');
    printed = '';
    const url = await new Promise<string>((resolve) => {
      child.stderr.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        const found = /ws:\S+(?=[^]*^runs$)/m.exec(printed);
        if (found) resolve(found[0]);
      });
    });
    inspector = await Inspector.connect(url);
  });

  afterEach(async () => {
    inspector.close();
    kill();
    await ended;
    await rm(directory, { recursive: true });
  });

  const make = (name: string) =>
    inspector.evaluate(
      `try { process.getBuiltinModule('fs').mkdirSync('${join(directory, name)}'); 1 } catch { 0 }`,
    );

  it('dies before the write, whoever inspects it', async () => {
    await inspector.evaluate(`writeSteps.arm('kill', 1, 'mkdirSync second')`);
    await expect(make('first')).resolves.toBe(1);
    await expect(make('second')).resolves.toBe(Number.NaN);
    await expect(ended).resolves.toEqual([null, 'SIGKILL']);
    await expect(readdir(directory)).resolves.toEqual(['first']);
    expect(printed).toContain('write step: + mkdirSync second');
  });

  it('has no space for the nth write of a name, and for the others', async () => {
    await inspector.evaluate(`writeSteps.arm('fail', 2, 'mkdirSync second')`);
    await expect(make('second')).resolves.toBe(1);
    await rm(join(directory, 'second'), { recursive: true });
    await expect(make('second')).resolves.toBe(0);
    await expect(make('second')).resolves.toBe(1);
    await expect(inspector.evaluate('writeSteps.seen()')).resolves.toBe(3);
  });

  it('tells each write where they are traced', async () => {
    await inspector.evaluate(`writeSteps.arm('trace')`);
    await make('first');
    await make('0e7bcd1e-45d1-4b33-8f0e-3a6f4c1e2d55');
    const reported = 'write step: + mkdirSync first\nwrite step: + mkdirSync *\n';
    await expect(becomes(() => printed.includes(reported), 10_000)).resolves.toBe(true);
  });
});
