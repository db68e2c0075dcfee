/** Google's functions-framework for Node: one process, no isolation. What a call costs where nothing protects it. */
import { spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as after } from 'node:timers/promises';
import { exitCodeOf } from '../../../scripts/setup/child-process.mjs';
import { childEnvironment, installedProgram, projectNode } from '../../../scripts/setup/project.mjs';
import { Connection } from '../load/connection.js';
import { type CallTarget, EXPECTED_TEXT, FRAMEWORK_SOURCE, REQUEST_BODY } from './functions.js';

const START_TIMEOUT_MS = 20_000;
const POLL_MS = 50;

/** Runs it with its defaults, on the same Node.js as the server, while `work` is done. */
export async function withFramework<T>(
  signal: AbortSignal,
  work: (calls: CallTarget) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'glambdar-bench-ff-'));
  await writeFile(path.join(directory, 'index.js'), FRAMEWORK_SOURCE);
  const port = await freePort();
  const child = spawn(
    projectNode(),
    [installedProgram('functions-framework'), '--target=hello', `--source=${directory}`, `--port=${port}`],
    { env: childEnvironment(), stdio: 'ignore', detached: true },
  );
  const ended = exitCodeOf(child);
  try {
    await untilListening(port, signal);
    return await work({ port, path: '/', body: REQUEST_BODY, expectedText: EXPECTED_TEXT });
  } finally {
    child.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  }
}

async function untilListening(port: number, signal: AbortSignal) {
  const giveUpAt = performance.now() + START_TIMEOUT_MS;
  while (performance.now() < giveUpAt) {
    const connection = await Connection.open(port).catch(() => undefined);
    connection?.close();
    if (connection !== undefined) return;
    await after(POLL_MS, undefined, { signal });
  }
  throw new Error('functions-framework did not start.');
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = net.createServer();
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => {
        resolve(typeof address === 'object' && address !== null ? address.port : 0);
      });
    });
  });
}
