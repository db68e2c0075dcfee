import { DomainError } from '../common/errors/domain-error.js';
import { withDeadline } from '../common/time/deadline.js';
import { PeerError } from '../ipc/worker-session.js';
import { endedBeforeAnswer } from './sandbox-failure.js';
/** How long a dying container may take to say how it ended. */ const endingTimeoutMs = 2000;
/**
 * A container with a connected worker, and soon a loaded function. Its state is the session's phase: the worker says
 * how far it is, the host only believes what the phase machine allows.
 */ export class Sandbox {
    callsServed = 0;
    /** How it was made; a sandbox taken from those that wait is reported as `fresh-pool` or `warm` instead. */ madeAs = 'cold';
    readySinceMs;
    disposal;
    cleanUp = ()=>Promise.resolve();
    closeMore = ()=>undefined;
    container;
    endpoint;
    output;
    meter;
    session;
    clock;
    log;
    constructor({ container, endpoint, session, output, meter, clock, log }){
        this.container = container;
        this.endpoint = endpoint;
        this.session = session;
        this.output = output;
        this.meter = meter;
        this.clock = clock;
        this.log = log;
        this.readySinceMs = clock.monotonicMs();
        session.onLog((stream, bytes)=>{
            output.append(stream, bytes);
        });
    }
    /** Connected, in order, and idle with a function loaded: it may be given a call. */ get isReady() {
        return this.session.phase === 'ready' && this.session.clean && !this.disposal;
    }
    get isGone() {
        return this.session.phase === 'gone';
    }
    /** No call runs, and the worker has kept to the rules. */ get isAtRest() {
        const { phase, clean } = this.session;
        return clean && (phase === 'stem' || phase === 'ready' || phase === 'answered');
    }
    /** Settles when the worker is gone, for whatever reason. */ get gone() {
        return this.session.gone;
    }
    /** Rejects with the function's fault (it throws, ends, or takes too long) and what it printed. */ async load(message, timeoutMs) {
        try {
            await withDeadline(this.clock, this.session.load(message), {
                withinMs: timeoutMs,
                onTimeout: ()=>new DomainError('FUNCTION_INIT_TIMEOUT', `The function's top-level code did not finish within ${timeoutMs} ms; do less before the first call.`)
            });
        } catch (error) {
            throw this.withOutput(await this.explain(error));
        }
        // Not waited for: a caller may be waiting for this sandbox.
        this.meter.loaded();
    }
    /** One call. Rejects with a `DomainError`; afterwards `isReady` says whether another call may follow. */ async invoke(message, body, limits) {
        this.callsServed += 1;
        this.output.begin(message.invocationId);
        this.meter.callBegins(message.invocationId);
        try {
            return await withDeadline(this.clock, this.session.invoke(message, body), {
                withinMs: limits.timeoutMs,
                onTimeout: ()=>new DomainError('FUNCTION_TIMEOUT', `The function did not answer within ${limits.timeoutMs / 1000} s.`),
                cancellation: limits.cancellation
            });
        } catch (error) {
            throw await this.explain(error);
        }
    }
    /**
   * Waits until a streamed answer is passed on, which `sending` does. Rejects with a `DomainError` when the function,
   * its deadline or the client breaks it off; the worker is then of no further use.
   */ async deliver(stream, sending, limits) {
        try {
            await withDeadline(this.clock, sending, {
                withinMs: limits.timeoutMs,
                onTimeout: ()=>new DomainError('FUNCTION_TIMEOUT', 'The function did not end its answer in time.'),
                cancellation: limits.cancellation
            });
        } catch (error) {
            // A body that breaks off closes the client's connection, which then looks as if the client had left.
            const reason = stream.failure ?? error;
            stream.destroy(error);
            this.session.close();
            throw await this.explain(reason);
        }
    }
    /** Runs `listener` once, when the worker has asked for its next call, went away, or did not ask in time. */ whenSettled(timeoutMs, listener) {
        let isSettled = false;
        const settle = ()=>{
            if (isSettled) return;
            isSettled = true;
            cancelTimer();
            listener();
        };
        const cancelTimer = this.clock.schedule(timeoutMs, settle);
        this.session.whenSettled(settle);
    }
    /** Runs when the container is gone, before its directory is removed. */ cleanUpWith(action) {
        this.cleanUp = action;
    }
    /** Runs when the sandbox is closed, before its container is removed; at once if it is closed already. */ closeAlso(action) {
        if (this.disposal) action();
        else this.closeMore = action;
    }
    /**
   * Removes the container, the socket and the directory, once; resolves when they are gone or the reaper has them. Never
   * rejects: a directory that cannot be removed now goes with the next start's sweep.
   */ dispose() {
        this.disposal ??= this.disposeOnce().catch((err)=>{
            this.log.error({
                err,
                container: this.container.name
            }, "a container's directory could not be removed");
        });
        return this.disposal;
    }
    /** Its calls have left so many processes behind that it should serve no more. */ get isCrowded() {
        return this.meter.isCrowded;
    }
    /**
   * The call is over and another may come: what is printed and used from now on is not that call's. Resolves when
   * `isCrowded` is of now; undefined where it was looked at not long ago.
   */ rest() {
        this.output.rest();
        return this.meter.rests();
    }
    async disposeOnce() {
        // The kernel's accounts of a container go with its process.
        await this.meter.ends();
        const { isAtRest } = this;
        this.session.close();
        this.closeMore();
        // Code that may still be at work is not asked to end.
        await (isAtRest ? this.container.retire() : this.container.remove());
        await this.container.ended;
        this.output.finish();
        await this.cleanUp();
        await this.endpoint.close();
    }
    /** Turns the session's words into the caller's: a worker that is gone says nothing, its container does. */ async explain(error) {
        if (error instanceof PeerError && error.kind === 'gone') return endedBeforeAnswer(await this.ending());
        if (error instanceof PeerError) {
            return new DomainError('FUNCTION_INVALID_RESPONSE', 'The function broke the protocol of its worker.', {
                reason: error.reason
            });
        }
        return error;
    }
    withOutput(error) {
        const output = this.output.lastLines();
        if (!(error instanceof DomainError) || output === '') return error;
        return new DomainError(error.code, error.message, {
            ...error.details,
            output
        }, {
            cause: error.cause
        });
    }
    async ending() {
        const onTimeout = ()=>new Error('The container did not say how it ended.');
        const exit = await withDeadline(this.clock, this.container.ended.then(()=>this.container.exit()), {
            withinMs: endingTimeoutMs,
            onTimeout
        }).catch(()=>undefined);
        return {
            exitCode: exit?.exitCode,
            outOfMemory: exit?.outOfMemory ?? false,
            lastOutput: this.output.lastLines()
        };
    }
}

//# sourceMappingURL=sandbox.js.map