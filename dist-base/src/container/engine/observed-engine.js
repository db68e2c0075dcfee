import { ContainerEngine, EngineError } from './container-engine.js';
/** Who wants to know of the engine's calls, for metrics; listeners must not throw. */ export class EngineCalls {
    listeners = [];
    onEnded(listener) {
        this.listeners.push(listener);
    }
    tell(ended) {
        for (const listener of this.listeners)listener(ended);
    }
}
/** An engine whose calls are timed. `wait` and `ended` are not: they take as long as the container lives. */ export class ObservedEngine extends ContainerEngine {
    engine;
    calls;
    clock;
    constructor(engine, calls, clock){
        super(), this.engine = engine, this.calls = calls, this.clock = clock;
    }
    ping() {
        return this.observe('ping', this.engine.ping());
    }
    hasImage(reference) {
        return this.observe('hasImage', this.engine.hasImage(reference));
    }
    create(spec) {
        return this.observe('create', this.engine.create(spec));
    }
    attach(id, onOutput) {
        return this.observe('attach', this.engine.attach(id, onOutput));
    }
    start(id) {
        return this.observe('start', this.engine.start(id));
    }
    wait(id, signal) {
        return this.engine.wait(id, signal);
    }
    ended(id, signal) {
        return this.engine.ended(id, signal);
    }
    remove(idOrName) {
        return this.observe('remove', this.engine.remove(idOrName));
    }
    listOwned(labels) {
        return this.observe('listOwned', this.engine.listOwned(labels));
    }
    cpuTimeMs(id) {
        return this.observe('cpuTimeMs', this.engine.cpuTimeMs(id));
    }
    /** Not timed either, nor what follows: they ask the kernel, not the engine. */ usage(id) {
        return this.engine.usage(id);
    }
    processes(id) {
        return this.engine.processes(id);
    }
    async observe(call, answer) {
        const startedMs = this.clock.monotonicMs();
        let error;
        try {
            return await answer;
        } catch (caught) {
            error = caught instanceof EngineError ? caught.kind : 'refused';
            throw caught;
        } finally{
            this.calls.tell({
                call,
                tookMs: this.clock.monotonicMs() - startedMs,
                error
            });
        }
    }
}

//# sourceMappingURL=observed-engine.js.map