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
import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { Installation } from '../common/installation/installation.js';
const content = '127.0.0.1 localhost\n::1 localhost\n';
export class HostsFile {
    /** On the host, absolute. */ path;
    constructor(installation){
        this.path = join(installation.directory, 'hosts');
    }
    async onModuleInit() {
        await writeFile(this.path, content);
        // Containers read it as other users, whatever the server's umask is.
        await chmod(this.path, 0o644);
    }
}
HostsFile = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Installation === "undefined" ? Object : Installation
    ])
], HostsFile);

//# sourceMappingURL=hosts-file.js.map