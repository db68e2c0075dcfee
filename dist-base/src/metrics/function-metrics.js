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
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { MetricsRegistry } from './metrics-registry.js';
export class FunctionMetrics {
    constructor(metrics, registry, events){
        metrics.readFrom(()=>registry.count, [
            {
                type: 'gauge',
                name: 'glambdar_functions',
                help: 'Deployed functions.',
                value: (count)=>count
            }
        ]);
        const changes = metrics.counter({
            name: 'glambdar_function_changes_total',
            help: 'Functions by change: deployed, replaced (by another version or other settings) or deleted.',
            labels: [
                'change'
            ]
        });
        const counted = (change)=>{
            const series = changes.labels(change);
            // A rate can only be told of a series that was there before.
            series.inc(0);
            return ()=>{
                series.inc();
            };
        };
        events.onDeployed(counted('deployed'));
        events.onReplaced(counted('replaced'));
        events.onDeleted(counted('deleted'));
    }
}
FunctionMetrics = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsRegistry === "undefined" ? Object : MetricsRegistry,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents
    ])
], FunctionMetrics);

//# sourceMappingURL=function-metrics.js.map