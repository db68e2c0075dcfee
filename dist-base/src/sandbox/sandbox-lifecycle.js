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
import { warnOfForeign } from '../common/installation/warn-of-foreign.js';
import { Log } from '../common/log/log.js';
import { Candidates } from '../functions/candidates.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { IpcService } from '../ipc/ipc.service.js';
import { SandboxCandidateCheck } from './sandbox-candidate-check.js';
import { SandboxService } from './sandbox.service.js';
export class SandboxLifecycle {
    sandboxes;
    candidates;
    candidateCheck;
    functions;
    events;
    ipc;
    log;
    constructor(sandboxes, candidates, candidateCheck, functions, events, ipc, log){
        this.sandboxes = sandboxes;
        this.candidates = candidates;
        this.candidateCheck = candidateCheck;
        this.functions = functions;
        this.events = events;
        this.ipc = ipc;
        this.log = log;
    }
    /** The containers of an earlier server are gone by now, so their sockets can go too. */ async onModuleInit() {
        warnOfForeign(this.log, await this.ipc.sweep());
        this.candidates.use(this.candidateCheck);
        this.events.onReplaced((before, after)=>{
            this.sandboxes.replace(before, after);
        });
        const forget = (gone)=>{
            this.sandboxes.forget(gone);
        };
        this.events.onDeleted(forget);
        this.events.onBroken(forget);
    }
    /** A restart makes nothing ahead of calls but what a function's minimum asks for. */ onApplicationBootstrap() {
        const whole = this.functions.list().filter(({ version })=>!this.functions.isBroken(version.id));
        this.sandboxes.begin(whole.filter(({ settings })=>settings.minContainers > 0));
    }
    onApplicationShutdown() {
        return this.sandboxes.shutDown();
    }
}
SandboxLifecycle = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof SandboxService === "undefined" ? Object : SandboxService,
        typeof Candidates === "undefined" ? Object : Candidates,
        typeof SandboxCandidateCheck === "undefined" ? Object : SandboxCandidateCheck,
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof FunctionEvents === "undefined" ? Object : FunctionEvents,
        typeof IpcService === "undefined" ? Object : IpcService,
        typeof Log === "undefined" ? Object : Log
    ])
], SandboxLifecycle);

//# sourceMappingURL=sandbox-lifecycle.js.map