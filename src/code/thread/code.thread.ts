import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { digestOrNull } from '../integrity/tree-digest.js';
import type { CodeRequest } from './code-thread.js';
import { failureMessage, type ThreadMessage } from './thread-message.js';

// Linux sets this for the calling thread alone: calls come before a deployment where they compete for a core.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

/** A thread runs one task, reports its outcome, and ends. */
const message = await resultOf(workerData as CodeRequest).then(
  (result): ThreadMessage<unknown> => ({ outcome: 'done', result }),
  failureMessage,
);
parentPort?.postMessage(message);

async function resultOf(request: CodeRequest): Promise<unknown> {
  if (request.task === 'digest') return request.directories.map(digestOrNull);
  // Only where it is needed: it is most of what such a thread takes to start.
  if (request.task === 'add') return (await import('../archive/add-to-tree.js')).addToTree(request);
  const { unpack } = await import('../archive/unpack.js');
  return unpack(request);
}
