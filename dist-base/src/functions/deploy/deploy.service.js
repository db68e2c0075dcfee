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
import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { Candidates } from '../candidates.js';
import { ChangeTurns } from '../change-turns.js';
import { CodeStore } from '../code/code-store.js';
import { FunctionEvents } from '../function-events.js';
import { functionNameOfUpload } from '../function-name.js';
import { FunctionRegistry, versionKeyOf } from '../function-registry.js';
import { RetiredCode } from '../retired-code.js';
import { FunctionStore } from '../store/function-store.js';
export class DeployService {
    turns;
    candidates;
    code;
    store;
    registry;
    retiredCode;
    events;
    clock;
    log;
    constructor(turns, candidates, code, store, registry, retiredCode, events, clock, log){
        this.turns = turns;
        this.candidates = candidates;
        this.code = code;
        this.store = store;
        this.registry = registry;
        this.retiredCode = retiredCode;
        this.events = events;
        this.clock = clock;
        this.log = log;
    }
    /**
   * Takes in the content of `myfunc.zip` for the function `myfunc`; `deploy` or `discard` must follow. Rejects, and
   * leaves nothing, with `INVALID_NAME`, with `FUNCTION_EXISTS`, or as `CodeStore.beginUpload` and `Upload.receive` do.
   */ async receive(fileName, content) {
        const name = functionNameOfUpload(fileName);
        // Asked again when the name is taken for good; here it spares the upload of an archive that cannot be used.
        this.registry.requireFree(name);
        return this.receiveFor(name, content);
    }
    /** As `receive`, whether there is a function of this name or not. */ async receiveFor(name, content) {
        const upload = await this.code.beginUpload();
        try {
            await upload.receive(content);
            return {
                name,
                upload
            };
        } catch (error) {
            await this.discard({
                name,
                upload
            });
            throw error;
        }
    }
    /** Rejects with `FUNCTION_EXISTS`, or as `Upload.unpack` and the stores do; then nothing has changed. */ async deploy(archive, settings) {
        const deployed = await this.published(archive, settings);
        return {
            deployed,
            warnings: await this.announce(deployed)
        };
    }
    /** Tells the modules above of a new function, and gives the warnings for whoever deployed it. Never rejects. */ announce(deployed) {
        this.events.deployed(deployed);
        return this.candidates.warningsFor(deployed);
    }
    /** Removes what was staged; harmless afterwards, and never rejects. */ async discard({ name, upload }) {
        try {
            await upload.discard();
        } catch (error) {
            this.log.warn({
                err: error,
                function: name
            }, 'staged code could not be removed; the next start removes it');
        }
    }
    async published(archive, settings) {
        try {
            const staged = await archive.upload.unpack();
            // Until here deployments of one name do not know of each other: an archive that is refused blocks nobody.
            return await this.turns.take(archive.name, ()=>this.createInTurn(archive.name, staged, settings));
        } finally{
            await this.discard(archive);
        }
    }
    /** For those who have the turn of the name. */ async createInTurn(name, staged, settings) {
        const giveBack = this.registry.reserve(name);
        try {
            const deployed = this.newFunction(name, staged, settings);
            await this.record(deployed, staged);
            this.registry.register(deployed);
            return deployed;
        } finally{
            giveBack();
        }
    }
    async record(deployed, staged) {
        await staged.publish(deployed.name, deployed.version.id);
        try {
            await this.store.insert(deployed);
        } catch (error) {
            await this.retiredCode.remove(versionKeyOf(deployed));
            throw error;
        }
    }
    newFunction(name, staged, settings) {
        const createdAt = this.clock.wallTime();
        const { sha256, codeSha256, codeBytes, fileCount } = staged;
        return {
            id: randomUUID(),
            name,
            revision: 1,
            version: {
                id: randomUUID(),
                number: 1,
                sha256,
                codeSha256,
                codeBytes,
                fileCount,
                createdAt
            },
            settings,
            secrets: [],
            createdAt,
            lastInvokedAt: null,
            invokeCount: 0
        };
    }
}
DeployService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ChangeTurns === "undefined" ? Object : ChangeTurns,
        typeof Candidates === "undefined" ? Object : Candidates,
        typeof CodeStore === "undefined" ? Object : CodeStore,
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof RetiredCode === "undefined" ? Object : RetiredCode,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log
    ])
], DeployService);

//# sourceMappingURL=deploy.service.js.map