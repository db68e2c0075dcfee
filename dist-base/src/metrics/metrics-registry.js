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
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client';
/** Upper bounds in seconds: from a call of a waiting container to the longest that a call may take. */ const durationBuckets = [
    0.000_25,
    0.000_5,
    0.001,
    0.002_5,
    0.005,
    0.01,
    0.025,
    0.05,
    0.1,
    0.25,
    0.5,
    1,
    2.5,
    5,
    10,
    30,
    60,
    300,
    900
];
/** Deprecated in Node.js, costly with many connections, or gauges that are named like counters. */ const notCollected = [
    'nodejs_active_handles',
    'nodejs_active_handles_total',
    'nodejs_active_requests',
    'nodejs_active_requests_total',
    'nodejs_active_resources_total'
];
export class MetricsRegistry {
    registry = new Registry();
    readers = [];
    constructor(){
        collectDefaultMetrics({
            register: this.registry
        });
        for (const name of notCollected)this.registry.removeSingleMetric(name);
    }
    counter({ name, help, labels = [] }) {
        return new Counter({
            name,
            help,
            labelNames: [
                ...labels
            ],
            registers: [
                this.registry
            ]
        });
    }
    gauge({ name, help, labels = [] }) {
        return new Gauge({
            name,
            help,
            labelNames: [
                ...labels
            ],
            registers: [
                this.registry
            ]
        });
    }
    /** Of durations, in seconds. */ histogram({ name, help, labels = [] }) {
        const buckets = durationBuckets;
        return new Histogram({
            name,
            help,
            labelNames: [
                ...labels
            ],
            buckets,
            registers: [
                this.registry
            ]
        });
    }
    /** Metrics that come from one source, which is asked once each time. */ readFrom(source, metrics) {
        const writers = metrics.map((metric)=>this.writerOf(metric));
        this.readers.push(async ()=>{
            const read = await source();
            for (const write of writers)write(read);
        });
    }
    /** In the Prometheus text format, for now. */ async text() {
        await Promise.all(this.readers.map((read)=>read()));
        return this.registry.metrics();
    }
    get contentType() {
        return this.registry.contentType;
    }
    /** What there is, for `docs/metrics.md`. */ documented() {
        return this.registry.getMetricsAsArray().map((metric)=>({
                name: metric.name,
                type: String(metric.type),
                help: metric.help,
                labels: [
                    ...metric.labelNames
                ]
            }));
    }
    writerOf({ name, help, type, label, value }) {
        const definition = {
            name,
            help,
            labels: label === undefined ? [] : [
                label
            ]
        };
        const metric = type === 'counter' ? this.counter(definition) : this.gauge(definition);
        return (source)=>{
            const read = value(source);
            metric.reset();
            if (typeof read === 'number') metric.inc(read);
            else for (const [labelled, count] of Object.entries(read))metric.inc({
                [label ?? '']: labelled
            }, count);
        };
    }
}
MetricsRegistry = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [])
], MetricsRegistry);

//# sourceMappingURL=metrics-registry.js.map