import { Gate } from './gate.js';
/** Removes containers, and does not give up: what cannot be removed is `leaked` and tried again until it is gone. */ export class ContainerReaper {
    engine;
    health;
    clock;
    options;
    gate;
    underway = new Map();
    retries = new Map();
    stopped = false;
    constructor(engine, health, clock, options){
        this.engine = engine;
        this.health = health;
        this.clock = clock;
        this.options = options;
        // The line is as long as there are containers, and user ids bound those.
        this.gate = new Gate(options.parallelRemovals, Number.POSITIVE_INFINITY);
    }
    /** Never rejects: resolves when the container is removed, or has failed to be and will be tried again. */ remove(container) {
        const known = this.underway.get(container);
        if (known) return known;
        if (container.state === 'removed') return Promise.resolve();
        const removing = this.tryOnce(container).finally(()=>this.underway.delete(container));
        this.underway.set(container, removing);
        return removing;
    }
    /** Tries everything that leaked at once: the engine is back. */ retryNow() {
        for (const container of [
            ...this.retries.keys()
        ])void this.remove(container);
    }
    /** No timer is left and none is set any more. */ stop() {
        this.stopped = true;
        for (const { cancel } of this.retries.values())cancel();
        this.retries.clear();
    }
    async tryOnce(container) {
        const pauseMs = this.takeRetry(container);
        container.move('removing');
        const leave = await this.gate.enter();
        try {
            await this.health.ask(()=>this.engine.remove(container.name));
            container.move('removed');
        } catch (error) {
            container.move('leaked', error);
            this.retryAfter(container, pauseMs);
        } finally{
            leave?.();
        }
    }
    /** The pause before the next try, should this one fail. */ takeRetry(container) {
        const retry = this.retries.get(container);
        retry?.cancel();
        this.retries.delete(container);
        return retry ? Math.min(retry.pauseMs * 2, this.options.longestPauseMs) : this.options.firstPauseMs;
    }
    retryAfter(container, pauseMs) {
        if (this.stopped) return;
        const cancel = this.clock.schedule(pauseMs, ()=>void this.remove(container));
        this.retries.set(container, {
            pauseMs,
            cancel
        });
    }
}

//# sourceMappingURL=container-reaper.js.map