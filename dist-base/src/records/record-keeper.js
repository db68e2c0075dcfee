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
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { EndedCalls } from '../invocation/ended-calls.js';
import { SandboxEvents } from '../sandbox/sandbox-events.js';
import { endedInvocationOf } from './ended-invocation-of.js';
import { LineNumbers } from './line-numbers.js';
import { LogFeed } from './logs/log-feed.js';
import { RecordWriter } from './record-writer.js';
import { RecordStore } from './store/record-store.js';
/** Deleted functions whose last calls may still print; more are not kept in mind, the next start forgets the rest. */ const deletedKept = 1000;
export class RecordKeeper {
    writer;
    store;
    feed;
    sandboxEvents;
    endedCalls;
    functionEvents;
    functions;
    clock;
    log;
    numbers = new LineNumbers();
    deleted = new Set();
    constructor(writer, store, feed, sandboxEvents, endedCalls, functionEvents, functions, clock, log){
        this.writer = writer;
        this.store = store;
        this.feed = feed;
        this.sandboxEvents = sandboxEvents;
        this.endedCalls = endedCalls;
        this.functionEvents = functionEvents;
        this.functions = functions;
        this.clock = clock;
        this.log = log;
    }
    onModuleInit() {
        this.sandboxEvents.onPrinted((line)=>{
            this.printed(line);
        });
        this.sandboxEvents.onUsed((invocationId, usage)=>{
            this.writer.usage(invocationId, usage);
        });
        this.endedCalls.onEnded((ended)=>{
            if (this.deleted.has(ended.deployed.id)) return;
            this.writer.invocation(endedInvocationOf(ended, this.clock.wallTime().getTime()));
        });
        this.functionEvents.onDeleted(({ id })=>{
            this.forget(id);
        });
        // Not waited for: a server that cannot read its records serves all the same.
        void this.takeUp();
    }
    /** Containers are gone by now, so nothing more is told. */ async onApplicationShutdown() {
        await this.writer.flush();
        await this.store.close();
    }
    printed(line) {
        if (this.deleted.has(line.function.id)) return;
        const numbered = {
            ...line,
            sequence: this.numbers.next(line.atMs)
        };
        this.writer.line(numbered);
        this.feed.publish(numbered);
    }
    forget(functionId) {
        this.deleted.add(functionId);
        const [oldest] = this.deleted;
        if (this.deleted.size > deletedKept && oldest !== undefined) this.deleted.delete(oldest);
        this.feed.deleted(functionId);
        this.writer.forget(functionId);
        this.store.forget(functionId).catch((err)=>{
            this.log.warn({
                err
            }, 'records of a deleted function could not be removed; the next start removes them');
        });
    }
    async takeUp() {
        try {
            this.numbers.passOver(await this.store.newestSequence());
            await this.store.retain(this.functions.list().map(({ id })=>id));
        } catch (err) {
            this.log.warn({
                err
            }, 'the records of earlier runs are not at hand');
        }
    }
}
RecordKeeper = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof RecordWriter === "undefined" ? Object : RecordWriter,
        typeof RecordStore === "undefined" ? Object : RecordStore,
        typeof LogFeed === "undefined" ? Object : LogFeed,
        typeof SandboxEvents === "undefined" ? Object : SandboxEvents,
        typeof EndedCalls === "undefined" ? Object : EndedCalls,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log
    ])
], RecordKeeper);

//# sourceMappingURL=record-keeper.js.map