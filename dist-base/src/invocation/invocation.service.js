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
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { isStreamed } from '../ipc/worker-session.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { AdmissionService } from './admission/admission.service.js';
import { EndedCalls } from './ended-calls.js';
export class InvocationService {
    functions;
    admission;
    sandboxes;
    endedCalls;
    clock;
    log;
    constructor(functions, admission, sandboxes, endedCalls, clock, log){
        this.functions = functions;
        this.admission = admission;
        this.sandboxes = sandboxes;
        this.endedCalls = endedCalls;
        this.clock = clock;
        this.log = log;
    }
    /** Throws `FUNCTION_NOT_FOUND` or `CODE_UNAVAILABLE`: what is sent to a call that cannot be made need not be read. */ requireCallable(name) {
        this.functions.requireCallable(name);
    }
    /** Fills in `phases` as it goes, so that they are known also when it rejects, which it does with `DomainError`s. */ async invoke(call, phases) {
        const lease = this.functions.lease(call.functionName);
        const startedMs = this.clock.monotonicMs();
        try {
            const place = await this.admission.enter(lease.deployed, call.keyId, call.cancellation);
            try {
                phases.queueMs = this.clock.monotonicMs() - startedMs;
                this.functions.admitted(lease);
                const result = await this.run(call, lease.deployed, phases);
                phases.totalMs = this.clock.monotonicMs() - startedMs;
                const outcome = {
                    outcome: result.statusCode,
                    responseBytes: result.stream?.bytes ?? result.body.length
                };
                this.record({
                    call,
                    deployed: lease.deployed,
                    phases,
                    ...outcome
                });
                return result;
            } finally{
                place.leave();
            }
        } catch (error) {
            phases.totalMs = this.clock.monotonicMs() - startedMs;
            this.record({
                call,
                deployed: lease.deployed,
                phases,
                ...outcomeOf(error, phases)
            });
            throw error;
        } finally{
            lease.release();
        }
    }
    async run(call, deployed, phases) {
        const startedMs = this.clock.monotonicMs();
        const acquired = await this.sandboxes.acquire(deployed, call.cancellation);
        const acquiredMs = this.clock.monotonicMs();
        phases.containerMs = acquiredMs - startedMs;
        phases.origin = acquired.origin;
        try {
            const result = await this.exchange(call, deployed, acquired.sandbox);
            call.body.discard();
            phases.handlerMs = this.clock.monotonicMs() - acquiredMs;
            if (isStreamed(result)) {
                const timeoutMs = Math.max(0, timeoutMsOf(deployed) - phases.handlerMs);
                await this.deliver(call, result, {
                    sandbox: acquired.sandbox,
                    phases,
                    timeoutMs
                });
            }
            return result;
        } finally{
            phases.handlerMs ??= this.clock.monotonicMs() - acquiredMs;
            this.sandboxes.release(acquired);
        }
    }
    /** Passes a streamed body on. A call has one deadline for all of it: the stream has what the handler left. */ async deliver(call, result, { sandbox, phases, timeoutMs }) {
        const startedMs = this.clock.monotonicMs();
        try {
            await sandbox.deliver(result.stream, call.sendStreamed(result), {
                timeoutMs,
                cancellation: call.cancellation
            });
        } finally{
            phases.streamMs = this.clock.monotonicMs() - startedMs;
            phases.streamedBytes = result.stream.bytes;
        }
    }
    exchange(call, deployed, sandbox) {
        const timeoutMs = timeoutMsOf(deployed);
        return sandbox.invoke({
            type: 'invoke',
            invocationId: call.invocationId,
            remainingMs: timeoutMs,
            method: call.method,
            rawPath: call.rawPath,
            rawQueryString: call.rawQueryString,
            headers: call.headers,
            protocol: call.protocol,
            sourceIp: call.sourceIp,
            timeEpoch: this.clock.wallTime().getTime()
        }, call.body.content, {
            timeoutMs,
            cancellation: call.cancellation
        });
    }
    /** One structured line for each call that reached a function. */ record(ended) {
        const { call, deployed, phases, ...outcome } = ended;
        this.log.info({
            invocationId: call.invocationId,
            traceId: call.traceId,
            function: deployed.name,
            version: deployed.version.number,
            requestBytes: call.body.bytes,
            ...outcome,
            ...phases
        }, 'invocation');
        this.endedCalls.tell(ended);
    }
}
InvocationService = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof AdmissionService === "undefined" ? Object : AdmissionService,
        typeof SandboxService === "undefined" ? Object : SandboxService,
        typeof EndedCalls === "undefined" ? Object : EndedCalls,
        typeof Clock === "undefined" ? Object : Clock,
        typeof Log === "undefined" ? Object : Log
    ])
], InvocationService);
function timeoutMsOf({ settings }) {
    return settings.timeoutSeconds * 1000;
}
function outcomeOf(error, { streamedBytes }) {
    const sent = {
        responseBytes: streamedBytes ?? 0,
        ...streamedBytes === undefined ? {} : {
            brokenOff: true
        }
    };
    if (!(error instanceof DomainError)) return {
        outcome: 'INTERNAL',
        ...sent
    };
    const isOfFunction = faultOf(error.code) === 'function' && error.cause !== undefined;
    const { code: outcome, message: reason } = error;
    return {
        outcome,
        reason,
        ...sent,
        ...isOfFunction ? {
            failure: error.cause
        } : {}
    };
}

//# sourceMappingURL=invocation.service.js.map