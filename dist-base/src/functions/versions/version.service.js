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
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { ChangeTurns } from '../change-turns.js';
import { DeployService } from '../deploy/deploy.service.js';
import { FunctionRegistry } from '../function-registry.js';
import { ReplacementService } from '../replacement.service.js';
import { RetiredCode } from '../retired-code.js';
import { SettingsReader } from '../settings/settings-reader.js';
import { FunctionStore } from '../store/function-store.js';
import { rollbackTarget } from './rollback-target.js';
import { VersionRetention } from './version-retention.js';
export class VersionService {
    turns;
    deploys;
    replacement;
    retention;
    retiredCode;
    store;
    registry;
    settings;
    clock;
    constructor(turns, deploys, replacement, retention, retiredCode, store, registry, settings, clock){
        this.turns = turns;
        this.deploys = deploys;
        this.replacement = replacement;
        this.retention = retention;
        this.retiredCode = retiredCode;
        this.store = store;
        this.registry = registry;
        this.settings = settings;
        this.clock = clock;
    }
    /**
   * The archive becomes the function's next version, or a new function. Without `settings` they stay as they are, or
   * take their defaults where the function is new. Rejects with `CANDIDATE_NOT_LOADABLE` when the
   * function exists and its next version does not load, or as `Upload.unpack`, the stores and the making of a container
   * do; then nothing has changed.
   */ async publish(archive, settings) {
        try {
            const staged = await archive.upload.unpack();
            // An archive that is refused has kept no other change waiting.
            const published = await this.turns.take(archive.name, ()=>this.registry.find(archive.name) ? this.nextVersionInTurn(archive.name, staged, settings) : this.firstVersionInTurn(archive.name, staged, settings));
            const warnings = published.isNew ? await this.deploys.announce(published.deployed) : [];
            return {
                ...published,
                warnings
            };
        } finally{
            await this.deploys.discard(archive);
        }
    }
    /** Newest first. Rejects with `FUNCTION_NOT_FOUND`, or as the store does. */ async list(name) {
        const versions = await this.store.versions(this.registry.get(name).id);
        return versions.reverse();
    }
    /**
   * Makes an earlier version current: the wanted one, or the newest before the current one. Rejects with
   * `VERSION_NOT_FOUND`, `NOTHING_TO_ROLL_BACK`, `CANDIDATE_NOT_LOADABLE`, or as `ReplacementService.replace` does.
   */ rollBack(name, wanted) {
        return this.replacement.replace(name, async (current)=>{
            const version = rollbackTarget(await this.store.versions(current.id), current.version, wanted);
            if (this.registry.isBroken(version.id)) throw versionBroken(version.number);
            return {
                ...current,
                version
            };
        }, {
            mustLoad: true
        });
    }
    async firstVersionInTurn(name, staged, settings) {
        const chosen = settings ?? this.settings.fromForm(undefined);
        const deployed = await this.deploys.createInTurn(name, staged, chosen);
        return {
            deployed,
            isNew: true
        };
    }
    async nextVersionInTurn(name, staged, settings) {
        const id = randomUUID();
        await staged.publish(name, id);
        try {
            const deployed = await this.replacement.replaceInTurn(name, async (current)=>({
                    ...current,
                    version: await this.nextVersion(id, staged, current),
                    settings: settings ?? current.settings
                }), {
                mustLoad: true
            });
            await this.retention.collect(deployed);
            return {
                deployed,
                isNew: false
            };
        } catch (error) {
            await this.retiredCode.remove({
                name,
                versionId: id
            });
            throw error;
        }
    }
    async nextVersion(id, { sha256, codeSha256, codeBytes, fileCount }, current) {
        const versions = await this.store.versions(current.id);
        const number = Math.max(current.version.number, ...versions.map((version)=>version.number)) + 1;
        return {
            id,
            number,
            sha256,
            codeSha256,
            codeBytes,
            fileCount,
            createdAt: this.clock.wallTime()
        };
    }
}
VersionService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ChangeTurns === "undefined" ? Object : ChangeTurns,
        typeof DeployService === "undefined" ? Object : DeployService,
        typeof ReplacementService === "undefined" ? Object : ReplacementService,
        typeof VersionRetention === "undefined" ? Object : VersionRetention,
        typeof RetiredCode === "undefined" ? Object : RetiredCode,
        typeof FunctionStore === "undefined" ? Object : FunctionStore,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof SettingsReader === "undefined" ? Object : SettingsReader,
        typeof Clock === "undefined" ? Object : Clock
    ])
], VersionService);
function versionBroken(number) {
    return new DomainError('CODE_UNAVAILABLE', `The code of version ${number} is missing or was changed on the server; choose another version, or publish the code again.`);
}

//# sourceMappingURL=version.service.js.map