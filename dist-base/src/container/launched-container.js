import { withDeadline } from '../common/time/deadline.js';
/** A process of Node.js takes some ten places: with fewer free ones than this, the next call may not get its own. */ const largestShareOfPids = 0.75;
/** A container whose process runs, or has ended. Whoever launched it must remove it, whatever happened. */ export class LaunchedContainer {
    parts;
    context;
    exitStatus;
    constructor(parts, context){
        this.parts = parts;
        this.context = context;
    }
    get name() {
        return this.parts.lifecycle.name;
    }
    get state() {
        return this.parts.lifecycle.state;
    }
    /** What the process printed, within the limit of the settings. */ get output() {
        return this.parts.printed.tail;
    }
    /** Settles, never rejecting, when the process has ended; also after `remove`. */ get ended() {
        return this.parts.attached.ended;
    }
    /** Gives what was printed so far as stdout, then everything as it comes. */ onOutput(listener) {
        this.parts.printed.listen(listener);
    }
    /**
   * How the process ended; ask after `ended` and before `remove`. Undefined when the engine could not say within the
   * limit of the settings. Never rejects.
   */ exit() {
        this.exitStatus ??= this.askExit();
        return this.exitStatus;
    }
    /** CPU time used since the start, in milliseconds. Rejects with an `EngineError`. */ cpuTimeMs() {
        return this.context.health.ask(()=>this.context.engine.cpuTimeMs(this.parts.id));
    }
    /** What it has used since its start; asks nothing of the engine. Never rejects. */ usage() {
        return this.context.engine.usage(this.parts.id);
    }
    /**
   * Whether so many processes and threads are in it that there is hardly room for more; false where nobody can tell.
   * Never rejects.
   */ async isCrowded() {
        const processes = await this.context.engine.processes(this.parts.id);
        return processes !== null && processes > this.context.pids * largestShareOfPids;
    }
    /**
   * As `remove`, for a process that has been told to end: one that does so within the limit of the settings spares the
   * engine the kill, which is a program of its own to run. Whatever else happens it is killed then.
   */ async retire() {
        const { engine, clock, endTimeoutMs } = this.context;
        const giveUp = new AbortController();
        const cancel = clock.schedule(endTimeoutMs, ()=>{
            giveUp.abort();
        });
        await engine.ended(this.parts.id, giveUp.signal).catch(()=>undefined);
        cancel();
        await this.remove();
    }
    /** Kills and removes. Idempotent, never rejects: resolves when the container is gone or the reaper has it. */ async remove() {
        await this.context.reaper.remove(this.parts.lifecycle);
        this.parts.attached.close();
    }
    async askExit() {
        const { engine, health, clock, exitTimeoutMs } = this.context;
        const giveUp = new AbortController();
        const asking = health.ask(()=>engine.wait(this.parts.id, giveUp.signal));
        const onTimeout = ()=>new Error('The engine did not say in time how the container ended.');
        try {
            return await withDeadline(clock, asking, {
                withinMs: exitTimeoutMs,
                onTimeout
            });
        } catch  {
            return undefined;
        } finally{
            giveUp.abort();
        }
    }
}

//# sourceMappingURL=launched-container.js.map