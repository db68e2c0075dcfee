import { chmod, mkdtemp, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Behaviour } from '../contract/container-engine.contract.js';

/** Makes run directories of containers that do what the contract asks for. */
export function contractDirectories(directory: string): (behaviour: Behaviour) => Promise<string> {
  let directories = 0;
  return async (behaviour) => {
    directories += 1;
    const runDirectory = await mkdtemp(join(directory, `${directories}-`));
    await chmod(runDirectory, 0o755);
    await writeFile(join(runDirectory, 'program.mjs'), programFor(behaviour), { mode: 0o644 });
    return runDirectory;
  };
}

const toldFile = 'told';

/** What makes a container go on that waits for it. */
export function tellContainer(runDirectory: string): Promise<void> {
  return writeFile(join(runDirectory, toldFile), '', { mode: 0o644 });
}

function programFor(behaviour: Behaviour): string {
  switch (behaviour.kind) {
    case 'print':
      return `process.stdout.write(${JSON.stringify(behaviour.stdout)});
        process.stderr.write(${JSON.stringify(behaviour.stderr)});
        process.exitCode = ${behaviour.exitCode};`;
    case 'print-when-told':
      return `import { existsSync } from 'node:fs';
        console.log('waiting');
        const waiting = setInterval(() => {
          if (!existsSync('/glambdar/${toldFile}')) return;
          clearInterval(waiting);
          process.stdout.write('x'.repeat(${behaviour.bytes}));
          process.exitCode = ${behaviour.exitCode};
        }, 10);`;
    case 'sleep':
      return 'setInterval(() => {}, 1000);';
    case 'exceed-memory':
      return 'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));';
    case 'lose-child-to-memory':
      return `import { spawn } from 'node:child_process';
        const child = spawn(process.execPath, ['-e', 'const kept = []; for (;;) kept.push(Buffer.alloc(1 << 20, 1));']);
        child.on('exit', () => { console.log('lost'); setInterval(() => {}, 1000); });`;
    case 'burn-cpu':
      return `while (process.cpuUsage().user < ${behaviour.cpuMs * 1000});
        console.log('done'); setInterval(() => {}, 1000);`;
    default:
      return behaviour satisfies never;
  }
}
