function _ts_decorate(decorators, target, key, desc) {
    var c = arguments.length, r = c < 3 ? target : desc === null ? desc = Object.getOwnPropertyDescriptor(target, key) : desc, d;
    if (typeof Reflect === "object" && typeof Reflect.decorate === "function") {
        r = Reflect.decorate(decorators, target, key, desc);
    } else {
        for(var i = decorators.length - 1; i >= 0; i--){
            if (d = decorators[i]) {
                r = (c < 3 ? d(r) : c > 3 ? d(target, key, r) : d(target, key)) || r;
            }
        }
    }
    return c > 3 && r && Object.defineProperty(target, key, r), r;
}
function _ts_metadata(metadataKey, metadataValue) {
    if (typeof Reflect === "object" && typeof Reflect.metadata === "function") {
        return Reflect.metadata(metadataKey, metadataValue);
    }
}
function _ts_param(paramIndex, decorator) {
    return function(target, key) {
        decorator(target, key, paramIndex);
    };
}
import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../common/time/clock.js';
import { containerSettings } from './container.settings.js';
import { ContainerEngine, EngineError } from './engine/container-engine.js';
const down = {
    reachable: false,
    imagePresent: false
};
/** How long a status holds, so that health checks cannot keep the engine busy. */ const statusAgeMs = 1000;
export class EngineHealth {
    engine;
    clock;
    settings;
    up = true;
    stopped = false;
    cancelProbe;
    probing;
    lastStatus;
    recoveryListeners = [];
    constructor(engine, clock, settings){
        this.engine = engine;
        this.clock = clock;
        this.settings = settings;
    }
    /** False from the first unanswered call until a probe succeeds. */ get reachable() {
        return this.up;
    }
    /** Asks the engine, or rejects at once as `unreachable` while it is known to be down. */ async ask(call) {
        if (!this.up) throw new EngineError('unreachable', 'the engine did not answer before and has not been back since');
        try {
            return await call();
        } catch (error) {
            this.learnFrom(error);
            throw error;
        }
    }
    /** Pings the engine and believes the outcome; concurrent probes are one. */ probe() {
        this.probing ??= this.engine.ping().then(()=>{
            this.cameUp();
        }, ()=>{
            this.wentDown();
        }).finally(()=>{
            this.probing = undefined;
        });
        return this.probing;
    }
    /** For readiness checks: at most a second old. Never rejects; answers at once while the engine is known to be down. */ status() {
        if (!this.up) return Promise.resolve(down);
        const nowMs = this.clock.monotonicMs();
        if (!this.lastStatus || nowMs - this.lastStatus.atMs >= statusAgeMs) {
            this.lastStatus = {
                atMs: nowMs,
                status: this.look()
            };
        }
        return this.lastStatus.status;
    }
    /** `listener` runs each time the engine is back. */ onRecovered(listener) {
        this.recoveryListeners.push(listener);
    }
    /** No probe runs after this. */ stop() {
        this.stopped = true;
        this.cancelProbe?.();
    }
    async look() {
        await this.probe();
        try {
            return {
                reachable: true,
                imagePresent: await this.ask(()=>this.engine.hasImage(this.settings.image))
            };
        } catch  {
            return {
                reachable: this.up,
                imagePresent: false
            };
        }
    }
    learnFrom(error) {
        if (!(error instanceof EngineError)) return;
        if (error.kind === 'unreachable') this.wentDown();
        if (error.kind === 'timeout') void this.probe();
    }
    wentDown() {
        this.up = false;
        this.lastStatus = undefined;
        this.cancelProbe?.();
        if (this.stopped) return;
        this.cancelProbe = this.clock.schedule(this.settings.probeIntervalMs, ()=>void this.probe());
    }
    cameUp() {
        this.cancelProbe?.();
        if (this.up) return;
        this.up = true;
        for (const listener of this.recoveryListeners)listener();
    }
}
EngineHealth = _ts_decorate([
    Injectable(),
    _ts_param(2, Inject(containerSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ContainerEngine === "undefined" ? Object : ContainerEngine,
        typeof Clock === "undefined" ? Object : Clock,
        typeof ContainerSettings === "undefined" ? Object : ContainerSettings
    ])
], EngineHealth);

//# sourceMappingURL=engine-health.js.map