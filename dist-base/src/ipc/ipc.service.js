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
import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { Installation } from '../common/installation/installation.js';
import { Clock } from '../common/time/clock.js';
import { ipcSettings } from './ipc.settings.js';
import { socketFile, WorkerEndpoint } from './worker-endpoint.js';
/** Linux takes 107 bytes, macOS 103; Node cuts a longer path silently and listens somewhere else. */ const maxSocketPathBytes = 103;
const idBytes = 6;
const idPattern = /^[0-9a-f]{12}$/;
export class IpcService {
    installation;
    clock;
    settings;
    openIds = new Set();
    constructor(installation, clock, settings){
        this.installation = installation;
        this.clock = clock;
        this.settings = settings;
    }
    /** Endpoints not yet closed: after all calls have ended, none but those of waiting containers. */ get openEndpoints() {
        return this.openIds.size;
    }
    /** Largest body of a function's response, in bytes; the worker is told, so that it need not send more in vain. */ get maxResultBytes() {
        return this.settings.maxResultBytes;
    }
    /**
   * At boot, before any `open`: removes what an earlier server of this installation left. Resolves with the names of
   * what is none of that, which stays.
   */ async sweep() {
        const entries = await readdir(this.installation.run, {
            withFileTypes: true
        });
        const isOurs = (entry)=>entry.isDirectory() && idPattern.test(entry.name);
        const left = entries.filter((entry)=>isOurs(entry) && !this.openIds.has(entry.name));
        await Promise.all(left.map(({ name })=>rm(join(this.installation.run, name), {
                recursive: true
            })));
        return entries.filter((entry)=>!isOurs(entry)).map(({ name })=>`run/${name}`);
    }
    /** A socket that a worker can connect to. Rejects with `RUNTIME_UNAVAILABLE` when the disk or the process is full. */ async open() {
        const id = randomBytes(idBytes).toString('hex');
        this.openIds.add(id);
        const directory = join(this.installation.run, id);
        const endpoint = new WorkerEndpoint(id, directory, this.clock, this.settings, ()=>this.openIds.delete(id));
        try {
            refuseLongPath(directory);
            await makeEndpointDirectory(directory);
            await endpoint.listen();
            return endpoint;
        } catch (cause) {
            // The first failure is the one to tell; what a second leaves behind goes with the next boot's sweep.
            await endpoint.close().catch(()=>undefined);
            throw new DomainError('RUNTIME_UNAVAILABLE', 'The socket for a container could not be made; try again shortly.', {
                retryAfterMs: 1000
            }, {
                cause
            });
        }
    }
}
IpcService = _ts_decorate([
    Injectable(),
    _ts_param(2, Inject(ipcSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Installation === "undefined" ? Object : Installation,
        typeof Clock === "undefined" ? Object : Clock,
        typeof IpcSettings === "undefined" ? Object : IpcSettings
    ])
], IpcService);
function refuseLongPath(directory) {
    const pathBytes = Buffer.byteLength(join(directory, socketFile));
    if (pathBytes <= maxSocketPathBytes) return;
    throw new Error(`A socket's path may have ${maxSocketPathBytes} bytes; in ${directory} it has ${pathBytes}.`);
}
/**
 * Open to the container's user; the run directory above keeps everyone else on this machine out. `code` is where the
 * function's code is mounted: the mount point has to exist, for in the container the directory is read-only.
 */ async function makeEndpointDirectory(directory) {
    for (const made of [
        directory,
        join(directory, 'code')
    ]){
        await mkdir(made);
        await chmod(made, 0o755);
    }
}

//# sourceMappingURL=ipc.service.js.map