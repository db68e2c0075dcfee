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
import { routeAccessOf } from '../../common/access/route-access.js';
import { AccessControl } from './access-control.js';
export class AccessGuard {
    control;
    constructor(control){
        this.control = control;
    }
    canActivate(context) {
        const http = context.switchToHttp();
        const access = routeAccessOf(context.getHandler());
        const entering = this.control.enter(access, http.getRequest(), http.getResponse());
        return entering ? entering.then(()=>true) : true;
    }
}
AccessGuard = _ts_decorate([
    Injectable(),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof AccessControl === "undefined" ? Object : AccessControl
    ])
], AccessGuard);

//# sourceMappingURL=access.guard.js.map