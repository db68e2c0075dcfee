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
import { RateRefusals } from '../common/access/rate-refusals.js';
import { ErrorTally } from '../common/errors/error-tally.js';
import { softwareVersion } from '../common/version.js';
import { containerSettings } from '../container/container.settings.js';
import { MetricsRegistry } from './metrics-registry.js';
export class ServerMetrics {
    adapterHost;
    constructor(metrics, errors, rateRefusals, adapterHost, { runtime }){
        this.adapterHost = adapterHost;
        metrics.gauge({
            name: 'glambdar_build_info',
            help: "Always 1: the server's version, its Node.js, and the OCI runtime of its containers.",
            labels: [
                'version',
                'node',
                'runtime'
            ]
        }).set({
            version: softwareVersion,
            node: process.version,
            runtime: runtime === '' ? 'default' : runtime
        }, 1);
        metrics.readFrom(async ()=>({
                connections: await this.connections(),
                errors: errors.byKind,
                refused: rateRefusals.byKind
            }), [
            {
                type: 'gauge',
                name: 'glambdar_http_connections',
                help: 'Open connections of clients.',
                value: ({ connections })=>connections
            },
            {
                type: 'counter',
                name: 'glambdar_http_errors_total',
                help: 'Requests, calls among them, that were answered with an error of docs/errors.md.',
                label: 'code',
                value: (source)=>source.errors
            },
            {
                type: 'counter',
                name: 'glambdar_rate_limit_refusals_total',
                help: 'Requests refused for coming too often, by limit: management, invocations, or failures (without a valid key).',
                label: 'limit',
                value: ({ refused })=>({
                        management: 0,
                        invocations: 0,
                        failures: 0,
                        ...refused
                    })
            }
        ]);
    }
    connections() {
        const server = this.adapterHost.httpAdapter.getHttpServer();
        return new Promise((resolve)=>{
            server.getConnections((error, count)=>{
                resolve(error ? 0 : count);
            });
        });
    }
}
ServerMetrics = _ts_decorate([
    Injectable(),
    _ts_param(4, Inject(containerSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsRegistry === "undefined" ? Object : MetricsRegistry,
        typeof ErrorTally === "undefined" ? Object : ErrorTally,
        typeof RateRefusals === "undefined" ? Object : RateRefusals,
        typeof HttpAdapterHost === "undefined" ? Object : HttpAdapterHost,
        typeof ContainerSettings === "undefined" ? Object : ContainerSettings
    ])
], ServerMetrics);

//# sourceMappingURL=server-metrics.js.map