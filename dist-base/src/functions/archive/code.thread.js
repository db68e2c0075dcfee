import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { failureMessage } from './thread-message.js';
import { digestOrNull } from './tree-digest.js';
// Linux sets this for the calling thread alone: calls come before a deployment where they compete for a core.
if (process.platform === 'linux') setPriority(constants.priority.PRIORITY_LOW);
/** A thread does one thing, says how it went, and ends. */ const message = await resultOf(workerData).then((result)=>({
        outcome: 'done',
        result
    }), failureMessage);
parentPort?.postMessage(message);
async function resultOf(request) {
    if (request.task === 'digest') return request.directories.map(digestOrNull);
    // Only where it is needed: it is most of what such a thread takes to start.
    const { unpack } = await import('./unpack.js');
    return unpack(request);
}

//# sourceMappingURL=code.thread.js.map