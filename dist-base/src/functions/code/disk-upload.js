import { join } from 'node:path';
import { DomainError } from '../../common/errors/domain-error.js';
import { removeTree } from './directory-tree.js';
import { moveDurably } from './durable-move.js';
import { receiveArchive } from './received-archive.js';
import { answeringForStorage } from './storage-answer.js';
/** One upload in a staging directory of its own, which nothing else reads or writes. */ export class DiskUpload {
    staging;
    surroundings;
    stop = new AbortController();
    unpacking;
    unpacked;
    constructor(/** Exists, is empty, and is this upload's alone. */ staging, surroundings){
        this.staging = staging;
        this.surroundings = surroundings;
    }
    get sha256() {
        return this.unpacked?.sha256;
    }
    receive(content) {
        return receiveArchive(content, this.archivePath, this.surroundings.limits.maxArchiveBytes);
    }
    async unpack() {
        const { unpacker, limits, reserveBytes } = this.surroundings;
        const request = {
            archivePath: this.archivePath,
            targetDirectory: this.codePath,
            limits,
            reserveBytes
        };
        this.unpacking = unpacker.unpack(request, this.stop.signal);
        this.unpacked = await this.unpacking;
        return {
            ...this.unpacked,
            publish: (name, versionId)=>this.publish(name, versionId),
            discard: ()=>this.discard()
        };
    }
    async discard() {
        this.stop.abort(new DomainError('CLIENT_CLOSED', 'The deployment was given up.'));
        // Removing while the thread still writes would leave its last files behind.
        await this.unpacking?.catch(()=>undefined);
        await answeringForStorage(()=>removeTree(this.staging));
    }
    publish(name, versionId) {
        const target = this.surroundings.directory.ofVersion({
            name,
            versionId
        });
        return answeringForStorage(()=>moveDurably(this.codePath, target));
    }
    get archivePath() {
        return join(this.staging, 'upload.zip');
    }
    get codePath() {
        return join(this.staging, 'code');
    }
}

//# sourceMappingURL=disk-upload.js.map