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
import { errorCodes, faultOf } from '../common/errors/error-codes.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { EndedCalls } from '../invocation/ended-calls.js';
import { BoundedFunctions } from './bounded-functions.js';
import { MetricsRegistry } from './metrics-registry.js';
import { metricsSettings } from './metrics.settings.js';
const outcomeClasses = [
    '2xx',
    '3xx',
    '4xx',
    '5xx',
    'caller',
    'function',
    'platform'
];
const origins = [
    'fresh-pool',
    'stem',
    'cold',
    'warm'
];
export class InvocationMetrics {
    invocations;
    durations;
    errors;
    requestBytes;
    responseBytes;
    queue;
    handler;
    container;
    functions;
    constructor(metrics, endedCalls, registry, events, { functions }){
        this.invocations = metrics.counter({
            name: 'glambdar_invocations_total',
            help: 'Calls that reached a function, by the class of its status, or by whose fault it was that it gave none.',
            labels: [
                'function',
                'outcome'
            ]
        });
        this.durations = metrics.histogram({
            name: 'glambdar_invocation_duration_seconds',
            help: 'Time of a whole call, from the wish for a place to its end.',
            labels: [
                'function'
            ]
        });
        this.errors = metrics.counter({
            name: 'glambdar_invocation_errors_total',
            help: 'Calls that reached a function and were answered with an error of docs/errors.md.',
            labels: [
                'fault',
                'code'
            ]
        });
        this.requestBytes = metrics.counter({
            name: 'glambdar_invocation_request_bytes_total',
            help: 'Bytes of the bodies that functions were given.'
        });
        this.responseBytes = metrics.counter({
            name: 'glambdar_invocation_response_bytes_total',
            help: 'Bytes of the bodies that functions answered with.'
        });
        this.queue = metrics.histogram({
            name: 'glambdar_invocation_queue_duration_seconds',
            help: 'Time that a call waited for a place among the running ones.'
        });
        const container = metrics.histogram({
            name: 'glambdar_invocation_container_duration_seconds',
            help: 'Time until a call had its container, by how it came by it: fresh-pool, stem, cold or warm.',
            labels: [
                'origin'
            ]
        });
        this.handler = metrics.histogram({
            name: 'glambdar_invocation_handler_duration_seconds',
            help: 'Time between a call and the answer of its container, the handler in the middle.'
        });
        this.container = new Map(origins.map((origin)=>[
                origin,
                container.labels(origin)
            ]));
        this.functions = new BoundedFunctions(functions, (name)=>registry.find(name) !== undefined, (label)=>this.seriesOf(label));
        // A rate can only be told of a series that was there before its first error.
        for (const code of errorCodes)if (faultOf(code) !== 'caller') this.errors.inc({
            fault: faultOf(code),
            code
        }, 0);
        events.onDeleted(({ name })=>{
            this.forget(name);
        });
        endedCalls.onEnded((ended)=>{
            this.count(ended);
        });
    }
    count({ call, deployed, phases, outcome, responseBytes }) {
        const { duration, outcomes } = this.functions.of(deployed.name);
        outcomes.get(classOf(outcome))?.inc();
        if (typeof outcome === 'string') this.errors.inc({
            fault: faultOf(outcome),
            code: outcome
        });
        this.requestBytes.inc(call.body.bytes);
        this.responseBytes.inc(responseBytes);
        const { queueMs, containerMs, origin, handlerMs, totalMs } = phases;
        if (totalMs !== undefined) duration.observe(totalMs / 1000);
        if (queueMs !== undefined) this.queue.observe(queueMs / 1000);
        if (containerMs !== undefined && origin) this.container.get(origin)?.observe(containerMs / 1000);
        if (handlerMs !== undefined) this.handler.observe(handlerMs / 1000);
    }
    seriesOf(label) {
        const outcomes = outcomeClasses.map((outcome)=>[
                outcome,
                this.invocations.labels(label, outcome)
            ]);
        return {
            duration: this.durations.labels(label),
            outcomes: new Map(outcomes)
        };
    }
    forget(name) {
        if (!this.functions.forget(name)) return;
        this.durations.remove(name);
        for (const outcome of outcomeClasses)this.invocations.remove(name, outcome);
    }
}
InvocationMetrics = _ts_decorate([
    Injectable(),
    _ts_param(4, Inject(metricsSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsRegistry === "undefined" ? Object : MetricsRegistry,
        typeof EndedCalls === "undefined" ? Object : EndedCalls,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents,
        typeof MetricsSettings === "undefined" ? Object : MetricsSettings
    ])
], InvocationMetrics);
function classOf(outcome) {
    if (typeof outcome === 'string') return faultOf(outcome);
    if (outcome < 300) return '2xx';
    if (outcome < 400) return '3xx';
    return outcome < 500 ? '4xx' : '5xx';
}

//# sourceMappingURL=invocation-metrics.js.map