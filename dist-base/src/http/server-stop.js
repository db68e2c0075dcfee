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
import { HttpAdapterHost } from '@nestjs/core';
import { once } from 'node:events';
import { Clock } from '../common/time/clock.js';
import { httpSettings } from './http.settings.js';
export class ServerStop {
    adapterHost;
    clock;
    settings;
    constructor(adapterHost, clock, settings){
        this.adapterHost = adapterHost;
        this.clock = clock;
        this.settings = settings;
    }
    onModuleDestroy() {
        const server = this.server;
        if (!server.listening) return;
        // A connection is closed once it is unused, and not kept for another request.
        server.keepAliveTimeout = 1;
        server.close();
    }
    /** Lets clients read the answers that are on their way, for a limited time. */ async beforeApplicationShutdown() {
        const server = this.server;
        if (await connectionsOf(server) === 0) return;
        const closed = once(server, 'close');
        const cancelForce = this.clock.schedule(this.settings.closeTimeoutMs, ()=>{
            server.closeAllConnections();
        });
        server.closeIdleConnections();
        await closed;
        cancelForce();
    }
    get server() {
        return this.adapterHost.httpAdapter.getHttpServer();
    }
}
ServerStop = _ts_decorate([
    Injectable(),
    _ts_param(2, Inject(httpSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof HttpAdapterHost === "undefined" ? Object : HttpAdapterHost,
        typeof Clock === "undefined" ? Object : Clock,
        typeof HttpSettings === "undefined" ? Object : HttpSettings
    ])
], ServerStop);
function connectionsOf(server) {
    return new Promise((resolve)=>{
        server.getConnections((error, count)=>{
            resolve(error ? 0 : count);
        });
    });
}

//# sourceMappingURL=server-stop.js.map