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
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rename, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { archiveSettings, limitsFrom } from '../archive/archive.settings.js';
import { systemErrorCode } from '../archive/error-code.js';
import { insufficientStorage } from '../archive/storage-failure.js';
import { Unpacker } from '../archive/unpacker.js';
import { CodeDirectory } from './code-directory.js';
import { CodeStore } from './code-store.js';
import { removeIfEmpty, sweepCode } from './code-sweep.js';
import { codeSettings } from './code.settings.js';
import { removeTree } from './directory-tree.js';
import { DiskUpload } from './disk-upload.js';
import { linkTree } from './link-tree.js';
import { answeringForStorage } from './storage-answer.js';
const bytesPerMiB = 1024 * 1024;
const ownerOnly = 0o700;
export class DiskCodeStore extends CodeStore {
    directory;
    unpacker;
    limits;
    reserveBytes;
    constructor(directory, unpacker, archive, code){
        super(), this.directory = directory, this.unpacker = unpacker;
        this.limits = limitsFrom(archive);
        this.reserveBytes = code.diskReserveMiB * bytesPerMiB;
    }
    beginUpload() {
        return answeringForStorage(async ()=>{
            const staging = await this.newStagingPath();
            const { bavail, bsize } = await statfs(this.directory.staging);
            if (bavail * bsize < this.limits.maxArchiveBytes + this.reserveBytes) throw insufficientStorage();
            await mkdir(staging, {
                mode: ownerOnly
            });
            const { directory, unpacker, limits, reserveBytes } = this;
            return new DiskUpload(staging, {
                directory,
                unpacker,
                limits,
                reserveBytes
            });
        });
    }
    directoryOf(version) {
        return this.directory.ofVersion(version);
    }
    remove(version) {
        return answeringForStorage(async ()=>{
            const path = this.directory.ofVersion(version);
            const leaving = await this.newStagingPath();
            if (!await moveAway(path, leaving)) return;
            await removeTree(leaving);
            await removeIfEmpty(this.directory.ofFunction(version.name));
        });
    }
    linkInto(version, targetDirectory) {
        return answeringForStorage(()=>linkTree(this.directory.ofVersion(version), targetDirectory));
    }
    unlinkFrom(targetDirectory) {
        return answeringForStorage(()=>removeTree(targetDirectory));
    }
    sweep(known) {
        return answeringForStorage(()=>sweepCode(this.directory, known));
    }
    async newStagingPath() {
        await mkdir(this.directory.staging, {
            recursive: true,
            mode: ownerOnly
        });
        return join(this.directory.staging, randomUUID());
    }
}
DiskCodeStore = _ts_decorate([
    Injectable(),
    _ts_param(2, Inject(archiveSettings.config.KEY)),
    _ts_param(3, Inject(codeSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof CodeDirectory === "undefined" ? Object : CodeDirectory,
        typeof Unpacker === "undefined" ? Object : Unpacker,
        typeof SettingsOf === "undefined" ? Object : SettingsOf,
        typeof SettingsOf === "undefined" ? Object : SettingsOf
    ])
], DiskCodeStore);
/** Moves a published tree, of which only the topmost directory must be writable; false when there is none. */ async function moveAway(path, target) {
    try {
        await chmod(path, ownerOnly);
        await rename(path, target);
        return true;
    } catch (error) {
        if (systemErrorCode(error) === 'ENOENT') return false;
        throw error;
    }
}

//# sourceMappingURL=disk-code-store.js.map