import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ContainerEngine } from '../../src/container/engine/container-engine.js';
import type { Behaviour, ContractSubject } from '../contract/container-engine.contract.js';
import { contractProgram, type ImageStore } from './contract-image.js';

export interface AdapterOrder {
  readonly engine: ContainerEngine;
  readonly images: ImageStore;
  /** An engine of the same kind that nobody answers for; the directory is empty. */
  unreachable(directory: string): ContainerEngine;
  readonly ociRuntime: ContractSubject['ociRuntime'];
  close?(): Promise<void>;
}

/** A real adapter with programs that behave as the contract asks. */
export async function contractSubject(order: AdapterOrder): Promise<ContractSubject> {
  const program = await contractProgram(order.images);
  const directory = await mkdtemp(join(tmpdir(), 'glambdar-contract-'));
  let directories = 0;
  return {
    engine: order.engine,
    program,
    ociRuntime: order.ociRuntime,
    directoryFor: async (behaviour) => {
      directories += 1;
      const runDirectory = await mkdtemp(join(directory, `${directories}-`));
      await chmod(runDirectory, 0o755);
      await writeFile(join(runDirectory, 'program.mjs'), programFor(behaviour), { mode: 0o644 });
      return runDirectory;
    },
    unreachable: () => order.unreachable(directory),
    close: async () => {
      await order.close?.();
      await rm(directory, { recursive: true });
    },
  };
}

function programFor(behaviour: Behaviour): string {
  switch (behaviour.kind) {
    case 'print':
      return `process.stdout.write(${JSON.stringify(behaviour.stdout)});
        process.stderr.write(${JSON.stringify(behaviour.stderr)});
        process.exitCode = ${behaviour.exitCode};`;
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
