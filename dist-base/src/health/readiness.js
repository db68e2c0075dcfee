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
import { Inject, Injectable, ServiceUnavailableException } from '@nestjs/common';
import { HealthCheckService, HealthIndicatorService } from '@nestjs/terminus';
import { statfs } from 'node:fs/promises';
import { Installation } from '../common/installation/installation.js';
import { Clock } from '../common/time/clock.js';
import { withDeadline } from '../common/time/deadline.js';
import { EngineHealth } from '../container/engine-health.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { RunningCalls } from '../invocation/running-calls.js';
import { healthSettings } from './health.settings.js';
export class Readiness {
    checks;
    indicators;
    engineHealth;
    store;
    runningCalls;
    installation;
    clock;
    settings;
    constructor(checks, indicators, engineHealth, store, runningCalls, installation, clock, settings){
        this.checks = checks;
        this.indicators = indicators;
        this.engineHealth = engineHealth;
        this.store = store;
        this.runningCalls = runningCalls;
        this.installation = installation;
        this.clock = clock;
        this.settings = settings;
    }
    /** Never rejects because of a failed check: the result's `status` says it. */ async check() {
        try {
            return await this.checks.check([
                ()=>this.indicate('engine', this.engineComplaint()),
                ()=>this.indicate('image', this.imageComplaint()),
                ()=>this.indicate('store', this.storeComplaint()),
                ()=>this.indicate('disk', this.diskComplaint()),
                ()=>this.indicate('accepting', this.acceptingComplaint())
            ]);
        } catch (error) {
            if (error instanceof ServiceUnavailableException) return error.getResponse();
            throw error;
        }
    }
    async indicate(name, check) {
        const indicator = this.indicators.check(name);
        const complaint = await withDeadline(this.clock, check, {
            withinMs: this.settings.checkTimeoutMs,
            onTimeout: ()=>new Error('too slow')
        }).catch(()=>'It did not answer in time.');
        return complaint === undefined ? indicator.up() : indicator.down({
            message: complaint
        });
    }
    async engineComplaint() {
        const { reachable } = await this.engineHealth.status();
        return reachable ? undefined : 'The container engine does not answer; start it.';
    }
    async imageComplaint() {
        const { imagePresent } = await this.engineHealth.status();
        return imagePresent ? undefined : 'The container engine has no worker image; build it.';
    }
    async storeComplaint() {
        return this.store.check().then(()=>undefined, ()=>'The store cannot be read and written; see the log.');
    }
    async diskComplaint() {
        const { bavail, bsize } = await statfs(this.installation.directory);
        const freeMiB = Math.floor(bavail * bsize / 1024 / 1024);
        return freeMiB >= this.settings.freeDiskMiB ? undefined : `Only ${freeMiB} MiB of the disk are free.`;
    }
    async acceptingComplaint() {
        return Promise.resolve(this.runningCalls.isDraining ? 'The server is shutting down.' : undefined);
    }
}
Readiness = _ts_decorate([
    Injectable(),
    _ts_param(7, Inject(healthSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof HealthCheckService === "undefined" ? Object : HealthCheckService,
        typeof HealthIndicatorService === "undefined" ? Object : HealthIndicatorService,
        typeof EngineHealth === "undefined" ? Object : EngineHealth,
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof RunningCalls === "undefined" ? Object : RunningCalls,
        typeof Installation === "undefined" ? Object : Installation,
        typeof Clock === "undefined" ? Object : Clock,
        typeof HealthSettings === "undefined" ? Object : HealthSettings
    ])
], Readiness);

//# sourceMappingURL=readiness.js.map