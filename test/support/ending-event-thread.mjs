/** The thread of events as it is when it is killed: it ends in the middle of what it was asked for. */
import { parentPort, workerData } from 'node:worker_threads';
import './event-thread.mjs';

let left = workerData.endsAfter;

parentPort.on('message', () => {
  left -= 1;
  if (left === 0) process.exit(1);
});
