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
import { Catch, NotFoundException } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { allowedMethods } from './allowed-methods.js';
import { ProblemAnswer } from './problem-answer.js';
import { asDomainError } from './problem.js';
export class ProblemFilter {
    answer;
    constructor(answer){
        this.answer = answer;
    }
    catch(thrown, host) {
        const http = host.switchToHttp();
        const request = http.getRequest();
        const response = http.getResponse();
        this.answer.send(refineRouting(thrown, request, response), request, response, routeOf(request));
    }
}
ProblemFilter = _ts_decorate([
    Catch(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof ProblemAnswer === "undefined" ? Object : ProblemAnswer
    ])
], ProblemFilter);
/** The framework knows only "no route"; a path that has other methods deserves to be told so. */ function refineRouting(thrown, request, response) {
    if (!(thrown instanceof NotFoundException)) return asDomainError(thrown);
    const methods = allowedMethods(request.app, request.path);
    if (methods.length === 0) return asDomainError(thrown);
    response.setHeader('Allow', methods.join(', '));
    return new DomainError('METHOD_NOT_ALLOWED', `Use ${methods.join(' or ')} here.`);
}
function routeOf(request) {
    const route = request.route;
    return typeof route?.path === 'string' ? route.path : '(none)';
}

//# sourceMappingURL=problem.filter.js.map