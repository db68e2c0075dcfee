import { Worker } from 'node:worker_threads';
import { resultOf } from './thread-message.js';
/** The program of the thread. Tests run from TypeScript and bind another. */ export class CodeThread {
    module;
    constructor(module = new URL('./code.thread.js', import.meta.url)){
        this.module = module;
    }
    /** Does what is asked in a thread of its own, and settles only when that has ended: then nothing writes any more. */ async run(request, limits, clock, signal) {
        signal.throwIfAborted();
        const worker = new Worker(this.module, {
            workerData: request,
            // Nothing of the server's environment or flags is needed there.
            env: {},
            execArgv: [],
            resourceLimits: {
                maxOldGenerationSizeMb: limits.heapMiB
            }
        });
        const late = new AbortController();
        const cancelTimer = clock.schedule(limits.timeoutMs, ()=>{
            late.abort(limits.tookTooLong());
        });
        const stop = AbortSignal.any([
            signal,
            late.signal
        ]);
        const terminate = ()=>void worker.terminate();
        stop.addEventListener('abort', terminate);
        try {
            const { message, error } = await endOf(worker);
            if (message !== undefined) return resultOf(message);
            stop.throwIfAborted();
            throw limits.crashed(error);
        } finally{
            cancelTimer();
            stop.removeEventListener('abort', terminate);
        }
    }
}
function endOf(worker) {
    let message;
    let error;
    worker.on('message', (sent)=>{
        message = sent;
    });
    worker.on('error', (raised)=>{
        error = raised;
    });
    return new Promise((resolve)=>{
        worker.on('exit', ()=>{
            resolve({
                message,
                error
            });
        });
    });
}

//# sourceMappingURL=code-thread.js.map