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
import { Controller, Get, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../common/access/route-access.js';
import { MetricsRegistry } from './metrics-registry.js';
import { DocumentedMetrics } from './metrics.openapi.js';
export class MetricsController {
    metrics;
    constructor(metrics){
        this.metrics = metrics;
    }
    async read(response) {
        const text = await this.metrics.text();
        response.setHeader('Content-Type', this.metrics.contentType);
        response.end(text);
    }
}
_ts_decorate([
    Get(),
    RequiresScope('metrics:read'),
    DocumentedMetrics(),
    _ts_param(0, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], MetricsController.prototype, "read", null);
MetricsController = _ts_decorate([
    ApiTags('metrics'),
    Controller('metrics'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof MetricsRegistry === "undefined" ? Object : MetricsRegistry
    ])
], MetricsController);

//# sourceMappingURL=metrics.controller.js.map