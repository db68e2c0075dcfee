import { mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Trial } from './trial.js';
import { adminKey, HostileServer, type ServerOptions } from './server.js';
import { containersOf } from '../support/engine.js';
import { holdingsOf, leftIn } from './holdings.js';

/** Short, because the path of a socket below it may have 103 bytes. */
export async function withDirectory<T>(work: (directory: string) => Promise<T>): Promise<T> {
  const directory = await realpath(await mkdtemp(join(tmpdir(), 'gl-')));
  try {
    return await work(directory);
  } finally {
    await rm(directory, { recursive: true, force: true });
  }
}

export interface TrialServerOptions extends Omit<ServerOptions, 'directory' | 'key'> {
  /** Its client has the key of an administrator, without which nobody is let in. */
  readonly hasKeys?: boolean;
  /** Done right before the server is told to stop; what it gives is done once it has stopped. */
  readonly beforeStop?: (server: HostileServer) => Promise<() => void>;
  /** It must have stopped by then. */
  readonly stopsWithinMs?: number;
}

/**
 * Runs the work against a server of its own, then removes every function and compares what the server holds with what
 * it held before; at last the server must end in order and leave nothing.
 */
export async function withServer(
  trial: Trial,
  { hasKeys = false, beforeStop, stopsWithinMs, ...options }: TrialServerOptions,
  work: (server: HostileServer) => Promise<void>,
): Promise<void> {
  await withDirectory(async (directory) => {
    const key = hasKeys ? { key: await adminKey(directory) } : {};
    const server = await HostileServer.start({ ...options, ...key, directory });
    try {
      await provision(server);
      const before = await holdingsOf(server);
      await work(server);
      trial.measured(await leftIn(server, before));
      const installationId = await server.installationId();
      const letGo = await beforeStop?.(server);
      await server.stop(stopsWithinMs).finally(letGo);
      const left = [
        ...(await containersOf(installationId)),
        ...(await server.filesIn('run')),
        ...(await server.filesIn('staging')),
      ];
      if (left.length > 0) trial.measured([`after the stop: ${left.join(', ')}`]);
    } finally {
      await server.kill();
    }
  });
}

/** Once through every part, so that what is made once is there before anything is measured. */
async function provision({ client }: HostileServer): Promise<void> {
  await client.deploy('warm-up', 'exports.handler = () => 1;');
  await client.invoke('warm-up');
  await client.invoke('nobody');
  await client.upload('broken.zip', Buffer.from('no zip'));
  await client.delete('warm-up');
}
