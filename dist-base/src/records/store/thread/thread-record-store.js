import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { DomainError } from '../../../common/errors/domain-error.js';
import { withDeadline } from '../../../common/time/deadline.js';
import { RecordStore } from '../record-store.js';
import { errorOf } from './thread-message.js';
/** The program of the thread. Tests run from TypeScript and bind another. */ export class RecordThread {
    module;
    constructor(module = new URL('./records.thread.js', import.meta.url)){
        this.module = module;
    }
}
/** Room for the largest page of lines several times over. */ const heapMiB = 96;
/**
 * The store in a thread of its own, because SQLite blocks whoever calls it: neither a slow disk nor a large page of
 * lines reaches the server's event loop. A thread that ended is started again with the next request.
 */ export class ThreadRecordStore extends RecordStore {
    thread;
    workerData;
    limits;
    clock;
    log;
    worker;
    counter = 0;
    pending = new Map();
    constructor(thread, workerData, limits, clock, log){
        super(), this.thread = thread, this.workerData = workerData, this.limits = limits, this.clock = clock, this.log = log;
    }
    /** Has no deadline: whoever writes has one write under way at a time, and must know when the thread has taken it. */ async write(batch) {
        await this.send('write', batch);
    }
    lines(query) {
        return this.ask('lines', query);
    }
    invocation(id) {
        return this.ask('invocation', id);
    }
    invocations(query) {
        return this.ask('invocations', query);
    }
    forget(functionId) {
        return this.ask('forget', functionId);
    }
    retain(functionIds) {
        return this.ask('retain', functionIds);
    }
    newestSequence() {
        return this.ask('newestSequence', undefined);
    }
    /** Ends the thread once it has done what it was asked for, or when the deadline passes. */ async close() {
        const { worker } = this;
        if (!worker) return;
        const ended = once(worker, 'exit');
        worker.ref();
        worker.postMessage('close');
        const onTimeout = ()=>new Error('The thread of records did not end in time.');
        await withDeadline(this.clock, ended, {
            withinMs: this.limits.timeoutMs,
            onTimeout
        }).catch(()=>worker.terminate());
    }
    async ask(operation, argument) {
        if (this.pending.size >= this.limits.pending) throw tooMany();
        const { timeoutMs: withinMs } = this.limits;
        return withDeadline(this.clock, this.send(operation, argument), {
            withinMs,
            onTimeout: tooSlow
        });
    }
    send(operation, argument) {
        this.worker ??= this.start();
        // The process does not end while something is asked for: what is written last would be lost.
        this.worker.ref();
        this.counter += 1;
        const answer = Promise.withResolvers();
        this.pending.set(this.counter, answer);
        this.worker.postMessage({
            number: this.counter,
            operation,
            argument
        });
        return answer.promise;
    }
    start() {
        const worker = new Worker(this.thread.module, {
            workerData: this.workerData,
            // Nothing of the server's environment or flags is needed there.
            env: {},
            execArgv: [],
            resourceLimits: {
                maxOldGenerationSizeMb: heapMiB
            }
        });
        let cause;
        worker.on('message', (message)=>{
            this.receive(message);
        });
        worker.on('error', (error)=>{
            cause = error;
            this.log.error({
                err: error
            }, 'the thread of records failed; the next record starts another');
        });
        worker.on('exit', ()=>{
            if (this.worker === worker) this.worker = undefined;
            for (const answer of this.pending.values())answer.reject(threadEnded(cause));
            this.pending.clear();
        });
        return worker;
    }
    receive(message) {
        switch(message.kind){
            case 'done':
                this.take(message.number)?.resolve(message.value);
                return;
            case 'failed':
                this.take(message.number)?.reject(errorOf(message.error));
                return;
            case 'set-aside':
                {
                    const { file, reason } = message;
                    this.log.warn({
                        file,
                        reason
                    }, 'the database of records could not be used and was set aside; a new one begins');
                    return;
                }
            default:
                message;
        }
    }
    take(number) {
        const answer = this.pending.get(number);
        this.pending.delete(number);
        if (this.pending.size === 0) this.worker?.unref();
        return answer;
    }
}
function tooMany() {
    return new DomainError('OVERLOADED', 'Too many wait to read records already; try again shortly.', {
        retryAfterMs: 1000
    });
}
function tooSlow() {
    return new DomainError('STORAGE_UNAVAILABLE', 'The records took too long to read; ask for fewer, or try again.', {
        retryAfterMs: 1000
    });
}
function threadEnded(cause) {
    const message = 'The records of this server are not at hand; try again shortly.';
    return new DomainError('STORAGE_UNAVAILABLE', message, {
        retryAfterMs: 1000
    }, {
        cause
    });
}

//# sourceMappingURL=thread-record-store.js.map