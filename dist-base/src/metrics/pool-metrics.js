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
import { SandboxService } from '../sandbox/sandbox.service.js';
import { MetricsRegistry } from './metrics-registry.js';
const bytesPerMiB = 1024 * 1024;
export class PoolMetrics {
    constructor(metrics, sandboxes){
        metrics.readFrom(()=>sandboxes.snapshot(), [
            {
                type: 'gauge',
                name: 'glambdar_pool_containers',
                help: 'Containers by state: ready (loaded, waiting for a call), busy, making, or stem (booted, without a function).',
                label: 'state',
                value: ({ ready, busy, making, stems })=>({
                        ready,
                        busy,
                        making,
                        stem: stems
                    })
            },
            {
                type: 'gauge',
                name: 'glambdar_pool_waiting_calls',
                help: 'Calls that have their place and wait for a container.',
                value: ({ waiting })=>waiting
            },
            {
                type: 'gauge',
                name: 'glambdar_pool_functions',
                help: 'Functions that keep containers or are called.',
                value: ({ functions })=>functions
            },
            {
                type: 'counter',
                name: 'glambdar_pool_requests_total',
                help: 'Calls by result: hit (a container stood ready) or miss (the call waited for one).',
                label: 'result',
                value: ({ hits, misses })=>({
                        hit: hits,
                        miss: misses
                    })
            },
            {
                type: 'counter',
                name: 'glambdar_pool_makes_total',
                help: 'Containers begun to be made, by kind: function or stem.',
                label: 'kind',
                value: ({ makes, stemsMade })=>({
                        function: makes,
                        stem: stemsMade
                    })
            },
            {
                type: 'counter',
                name: 'glambdar_pool_make_failures_total',
                help: 'Containers for a function that could not be made, its code that does not load included.',
                value: ({ makesFailed })=>makesFailed
            },
            {
                type: 'counter',
                name: 'glambdar_pool_removals_total',
                help: 'Containers given up: after their call, for want of calls, or for a fault.',
                value: ({ removals })=>removals
            },
            {
                type: 'counter',
                name: 'glambdar_pool_lost_waiting_total',
                help: 'Ready containers lost while they waited, by cause: ended (by themselves) or busy (removed for using the CPU).',
                label: 'cause',
                value: ({ diedWaiting, busyWaiting })=>({
                        ended: diedWaiting,
                        busy: busyWaiting
                    })
            },
            {
                type: 'gauge',
                name: 'glambdar_pool_budget_containers',
                help: 'Most containers that may be kept ready.',
                value: ({ budget })=>budget.containers
            },
            {
                type: 'gauge',
                name: 'glambdar_pool_budget_bytes',
                help: 'Most memory of the containers kept ready, by their limits.',
                value: ({ budget })=>budget.memoryMiB * bytesPerMiB
            }
        ]);
    }
}
PoolMetrics = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsRegistry === "undefined" ? Object : MetricsRegistry,
        typeof SandboxService === "undefined" ? Object : SandboxService
    ])
], PoolMetrics);

//# sourceMappingURL=pool-metrics.js.map