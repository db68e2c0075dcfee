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
import { Injectable } from '@nestjs/common';
import { AdmissionService } from '../invocation/admission/admission.service.js';
import { RequestBodies } from '../invocation/request-bodies.js';
import { MetricsRegistry } from './metrics-registry.js';
export class AdmissionMetrics {
    constructor(metrics, admission, bodies){
        metrics.readFrom(()=>({
                ...admission.counts,
                refused: admission.refused,
                bufferedBytes: bodies.heldBytes
            }), [
            {
                type: 'gauge',
                name: 'glambdar_admission_calls',
                help: 'Calls by state: running, or queued for a place among the running ones.',
                label: 'state',
                value: ({ running, queued })=>({
                        running,
                        queued
                    })
            },
            {
                type: 'counter',
                name: 'glambdar_admission_refusals_total',
                help: "Calls that got no place, by whose limit it was: the function's, the share of one key, or the server's.",
                label: 'limit',
                value: ({ refused })=>({
                        function: 0,
                        key: 0,
                        server: 0,
                        ...refused
                    })
            },
            {
                type: 'gauge',
                name: 'glambdar_admission_buffered_bytes',
                help: 'Bytes of request bodies that calls hold in memory.',
                value: ({ bufferedBytes })=>bufferedBytes
            }
        ]);
    }
}
AdmissionMetrics = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsRegistry === "undefined" ? Object : MetricsRegistry,
        typeof AdmissionService === "undefined" ? Object : AdmissionService,
        typeof RequestBodies === "undefined" ? Object : RequestBodies
    ])
], AdmissionMetrics);

//# sourceMappingURL=admission-metrics.js.map