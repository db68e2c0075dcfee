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
import { ContainerService } from '../container/container.service.js';
import { EngineCalls } from '../container/engine/observed-engine.js';
import { EngineHealth } from '../container/engine-health.js';
import { MetricsRegistry } from './metrics-registry.js';
export class ContainerMetrics {
    constructor(metrics, containers, health, engineCalls){
        metrics.readFrom(()=>({
                running: containers.running,
                leaked: containers.leaked,
                isReachable: health.reachable
            }), [
            {
                type: 'gauge',
                name: 'glambdar_containers',
                help: 'Containers by state: alive, or leaked (could not be removed yet and is tried again).',
                label: 'state',
                value: ({ running, leaked })=>({
                        alive: running,
                        leaked
                    })
            },
            {
                type: 'gauge',
                name: 'glambdar_engine_up',
                help: 'Whether the container engine answers: 1 or 0.',
                value: ({ isReachable })=>isReachable ? 1 : 0
            }
        ]);
        const durations = metrics.histogram({
            name: 'glambdar_engine_call_duration_seconds',
            help: 'Time that the container engine took to answer, errors included.',
            labels: [
                'call'
            ]
        });
        const errors = metrics.counter({
            name: 'glambdar_engine_call_errors_total',
            help: 'Calls that the container engine failed, by kind: unreachable, timeout, image-missing, gone, conflict or refused.',
            labels: [
                'call',
                'kind'
            ]
        });
        engineCalls.onEnded(({ call, tookMs, error })=>{
            durations.observe({
                call
            }, tookMs / 1000);
            if (error) errors.inc({
                call,
                kind: error
            });
        });
    }
}
ContainerMetrics = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsRegistry === "undefined" ? Object : MetricsRegistry,
        typeof ContainerService === "undefined" ? Object : ContainerService,
        typeof EngineHealth === "undefined" ? Object : EngineHealth,
        typeof EngineCalls === "undefined" ? Object : EngineCalls
    ])
], ContainerMetrics);

//# sourceMappingURL=container-metrics.js.map