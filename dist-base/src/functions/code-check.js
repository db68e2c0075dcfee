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
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { TreeDigester } from './archive/tree-digester.js';
import { batchesOf } from './code-batches.js';
import { CodeStore } from './code/code-store.js';
import { codeSettings } from './code/code.settings.js';
import { FunctionEvents } from './function-events.js';
import { FunctionRegistry } from './function-registry.js';
import { FunctionStore } from './store/function-store.js';
const hourMs = 3_600_000;
export class CodeCheck {
    store;
    code;
    digester;
    registry;
    events;
    clock;
    log;
    settings;
    stop = new AbortController();
    cancelTimer = ()=>undefined;
    pass = Promise.resolve();
    constructor(store, code, digester, registry, events, clock, log, settings){
        this.store = store;
        this.code = code;
        this.digester = digester;
        this.registry = registry;
        this.events = events;
        this.clock = clock;
        this.log = log;
        this.settings = settings;
    }
    onApplicationBootstrap() {
        this.schedulePass(this.settings.firstCheckMs);
    }
    /** Resolves when no thread reads any more. */ async close() {
        this.cancelTimer();
        this.stop.abort();
        await this.pass;
    }
    schedulePass(delayMs) {
        this.cancelTimer = this.clock.schedule(delayMs, ()=>{
            this.pass = this.checkAll();
        });
    }
    /** Never rejects: what could not be read now is read again in the next pass. */ async checkAll() {
        try {
            const recorded = await this.store.recordedVersions();
            for (const batch of batchesOf(this.currentFirst(recorded))){
                const beganMs = this.clock.monotonicMs();
                await this.check(batch);
                await this.rest(this.clock.monotonicMs() - beganMs);
                if (this.stop.signal.aborted) return;
            }
            this.log.info(this.summaryOf(recorded), 'published code was read');
        } catch (error) {
            this.log.warn({
                err: error
            }, 'published code could not be checked');
        }
        if (this.settings.checkEveryHours > 0 && !this.stop.signal.aborted) {
            this.schedulePass(this.settings.checkEveryHours * hourMs);
        }
    }
    /** The code that calls run now, then what could be gone back to. */ currentFirst(recorded) {
        const isCurrent = ({ name, versionId })=>this.registry.find(name)?.version.id === versionId;
        return recorded.filter(hasDigest).sort((a, b)=>Number(isCurrent(b)) - Number(isCurrent(a)));
    }
    summaryOf(recorded) {
        return {
            versions: recorded.length,
            broken: recorded.filter(({ versionId })=>this.registry.isBroken(versionId)).length,
            withoutDigest: recorded.filter((version)=>!hasDigest(version)).length
        };
    }
    async check(batch) {
        try {
            const directories = batch.map((version)=>this.code.directoryOf(version));
            const digests = await this.digester.digest(directories, this.stop.signal);
            const isWhole = ({ codeSha256 }, index)=>digests[index] === codeSha256;
            for (const version of batch.filter(isWhole))this.mend(version);
            await this.refuse(batch.filter((version, index)=>!isWhole(version, index)));
        } catch (error) {
            if (!this.stop.signal.aborted) this.log.warn({
                err: error
            }, 'published code could not be checked');
        }
    }
    /** Somebody has put the code back as it was. */ mend({ name, versionId }) {
        if (!this.registry.isBroken(versionId)) return;
        this.registry.markMended(versionId);
        this.log.info({
            function: name,
            versionId
        }, 'the code of a version is as it was published again');
    }
    async refuse(damaged) {
        if (damaged.length === 0) return;
        // Records go before their code does: what has one still was not just deleted.
        const recorded = new Set((await this.store.recordedVersions()).map(({ versionId })=>versionId));
        for (const { name, versionId } of damaged){
            if (!recorded.has(versionId)) continue;
            this.log.error({
                function: name,
                versionId
            }, 'the code of a version is not as it was published; restore it from a backup, or publish it again');
            this.registry.markBroken(versionId);
            const deployed = this.registry.find(name);
            if (deployed?.version.id === versionId) this.events.broken(deployed);
        }
    }
    rest(forMs) {
        return new Promise((resolve)=>{
            const end = ()=>{
                this.cancelTimer();
                this.stop.signal.removeEventListener('abort', end);
                resolve();
            };
            this.stop.signal.addEventListener('abort', end);
            this.cancelTimer = this.clock.schedule(forMs, end);
            if (this.stop.signal.aborted) end();
        });
    }
}
CodeCheck = _ts_decorate([
    Injectable(),
    _ts_param(7, Inject(codeSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof CodeStore === "undefined" ? Object : CodeStore,
        typeof TreeDigester === "undefined" ? Object : TreeDigester,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log,
        typeof SettingsOf === "undefined" ? Object : SettingsOf
    ])
], CodeCheck);
/** False of a version from before there were digests. */ function hasDigest({ codeSha256 }) {
    return codeSha256 !== null;
}

//# sourceMappingURL=code-check.js.map