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
import { faultOf } from '../common/errors/error-codes.js';
import { ErrorTally } from '../common/errors/error-tally.js';
import { Log } from '../common/log/log.js';
import { closeAfter } from './connections/lingering-close.js';
import { problemOf } from './problem.js';
export class ProblemAnswer {
    log;
    tally;
    constructor(log, tally){
        this.log = log;
        this.tally = tally;
    }
    /** `route` is the route's pattern for the log, because a path may carry what does not belong there. */ send(error, request, response, route) {
        this.tally.add(error.code);
        this.logPlatformFault(error, request.method, route);
        if (response.headersSent) {
            // Half an answer cannot be taken back; a broken connection at least is no answer at all.
            response.destroy();
            return;
        }
        write(error, request, response);
    }
    logPlatformFault(error, method, route) {
        if (faultOf(error.code) !== 'platform') return;
        const fields = {
            code: error.code,
            method,
            route,
            err: error.cause ?? error
        };
        if (error.code === 'INTERNAL') this.log.error(fields, 'a request failed in a way it should not have');
        else this.log.warn(fields, error.message);
    }
}
ProblemAnswer = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Log === "undefined" ? Object : Log,
        typeof ErrorTally === "undefined" ? Object : ErrorTally
    ])
], ProblemAnswer);
function write(error, request, response) {
    const invocationId = response.getHeader('X-Glambdar-Invocation-Id');
    const problem = problemOf(error, typeof invocationId === 'string' ? invocationId : undefined);
    const body = JSON.stringify(problem.body);
    response.statusCode = problem.status;
    for (const [name, value] of Object.entries(problem.headers))response.setHeader(name, value);
    response.setHeader('X-Content-Type-Options', 'nosniff');
    response.setHeader('Content-Length', Buffer.byteLength(body));
    if (request.complete || request.destroyed || !hasBody(request)) response.end(body);
    else closeAfter(response, request, Buffer.from(body));
}
/** A request that declares no body is complete; that Node says so a moment later must not cost the connection. */ function hasBody({ headers }) {
    return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

//# sourceMappingURL=problem-answer.js.map