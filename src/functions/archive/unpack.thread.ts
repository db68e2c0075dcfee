import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { failureMessage, type UnpackMessage } from './unpack-message.js';
import { unpack, type UnpackRequest } from './unpack.js';

// Linux sets this for the calling thread alone: calls come before a deployment where they compete for a core.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);

/** A thread unpacks one archive, says how it went, and ends. */
const message = await unpack(workerData as UnpackRequest).then(
  (code): UnpackMessage => ({ outcome: 'unpacked', code }),
  failureMessage,
);
parentPort?.postMessage(message);
