import { parentPort, workerData } from 'node:worker_threads';
import { failureMessage, type UnpackMessage } from './unpack-message.js';
import { unpack, type UnpackRequest } from './unpack.js';

/** A thread unpacks one archive, says how it went, and ends. */
const message = await unpack(workerData as UnpackRequest).then(
  (code): UnpackMessage => ({ outcome: 'unpacked', code }),
  failureMessage,
);
parentPort?.postMessage(message);
