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
import { All, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { callerOf } from '../common/access/caller.js';
import { RequiresScope } from '../common/access/route-access.js';
import { DomainError } from '../common/errors/domain-error.js';
import { parseFunctionName } from '../functions/function-name.js';
import { isStreamed } from '../ipc/worker-session.js';
import { answerInPieces, answerWhole } from './answer.js';
import { serverTiming } from './call.js';
import { DocumentedInvoke, DocumentedInvokePath } from './invocation.openapi.js';
import { InvocationService } from './invocation.service.js';
import { invocationSettings } from './invocation.settings.js';
import { sandboxOf, withoutSandbox } from './page-sandbox.js';
import { RequestBodies } from './request-bodies.js';
import { forwardedHeaders } from './request-headers.js';
import { functionTarget } from './request-target.js';
import { RunningCalls } from './running-calls.js';
import { traceContextOf } from './trace-context.js';
/** What a key needs for a call, whichever way the call comes. */ export const callScope = 'functions:invoke';
export class InvocationController {
    invocations;
    runningCalls;
    bodies;
    policyOf;
    constructor(invocations, runningCalls, bodies, settings){
        this.invocations = invocations;
        this.runningCalls = runningCalls;
        this.bodies = bodies;
        this.policyOf = settings.pages === 'sandboxed' ? sandboxOf : withoutSandbox;
    }
    invoke(name, request, response) {
        return this.call(name, request.originalUrl, request, response);
    }
    /** A path of the function's own below its name. */ invokePath(name, request, response) {
        return this.call(name, request.originalUrl, request, response);
    }
    /** `target` is the request's own, before any router has rewritten it. */ async call(name, target, request, response) {
        const invocationId = randomUUID();
        const trace = traceContextOf(request.headers, invocationId);
        const headers = {
            'X-Glambdar-Invocation-Id': invocationId,
            traceparent: trace.traceparent
        };
        const phases = {};
        const part = {
            callHeaders: headers,
            phases,
            policyOf: this.policyOf
        };
        let call;
        const onClose = ()=>{
            if (!response.writableFinished) call?.cancellation.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
        };
        const caller = callerOf(request);
        let body;
        try {
            call = this.runningCalls.begin(caller.keyId);
            response.once('close', onClose);
            const functionName = parseFunctionName(name);
            this.invocations.requireCallable(functionName);
            body = await this.bodies.receive(request, caller.keyId, call.cancellation);
            const result = await this.invocations.invoke({
                invocationId,
                traceId: trace.traceId,
                functionName,
                method: request.method ?? '',
                ...functionTarget(target),
                headers: forwardedHeaders(request.headers, {
                    hasShownKey: caller.keyId !== undefined,
                    trace
                }),
                protocol: `HTTP/${request.httpVersion}`,
                sourceIp: caller.address,
                keyId: caller.keyId,
                body,
                cancellation: call.cancellation,
                sendStreamed: (streamed)=>answerInPieces(response, streamed, part)
            }, phases);
            if (!isStreamed(result)) answerWhole(response, result, part);
        } catch (error) {
            if (!response.headersSent) announce(response, headers, phases);
            throw error;
        } finally{
            response.off('close', onClose);
            body?.discard();
            call?.end();
        }
    }
}
_ts_decorate([
    All('invoke/:name'),
    RequiresScope(callScope),
    DocumentedInvoke(),
    _ts_param(0, Param('name')),
    _ts_param(1, Req()),
    _ts_param(2, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String,
        typeof Request === "undefined" ? Object : Request,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", typeof Promise === "undefined" ? Object : Promise)
], InvocationController.prototype, "invoke", null);
_ts_decorate([
    All('invoke/:name/*path'),
    RequiresScope(callScope),
    DocumentedInvokePath(),
    _ts_param(0, Param('name')),
    _ts_param(1, Req()),
    _ts_param(2, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String,
        typeof Request === "undefined" ? Object : Request,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", typeof Promise === "undefined" ? Object : Promise)
], InvocationController.prototype, "invokePath", null);
InvocationController = _ts_decorate([
    Controller(),
    _ts_param(3, Inject(invocationSettings.config.KEY)),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof InvocationService === "undefined" ? Object : InvocationService,
        typeof RunningCalls === "undefined" ? Object : RunningCalls,
        typeof RequestBodies === "undefined" ? Object : RequestBodies,
        typeof InvocationSettings === "undefined" ? Object : InvocationSettings
    ])
], InvocationController);
/** The answer to an error, which somebody else writes, says of the call what its own would have said. */ function announce(response, headers, phases) {
    for (const [name, value] of Object.entries(headers))response.setHeader(name, value);
    const timing = serverTiming(phases);
    if (timing !== '') response.setHeader('Server-Timing', timing);
}

//# sourceMappingURL=invocation.controller.js.map