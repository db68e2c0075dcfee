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
import { Controller, Delete, Get, Header, HttpCode, Param, Post, Req, Res } from '@nestjs/common';
import { ApiBody, ApiCreatedResponse, ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiParam, ApiTags } from '@nestjs/swagger';
import { callerOf } from '../../common/access/caller.js';
import { RequiresScope } from '../../common/access/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { ApiProblem } from '../../common/openapi/api-problem.js';
import { readJsonBody } from '../../common/request-body/read-json-body.js';
import { Clock } from '../../common/time/clock.js';
import { CreatedKeyAnswer, KeyList, NewKeyBody } from './key-answer.js';
import { KeyRing } from './key-ring.js';
import { KeyService } from './key.service.js';
import { parseNewKey } from './new-key.js';
const maxBodyBytes = 16 * 1024;
export class KeysController {
    keys;
    ring;
    clock;
    constructor(keys, ring, clock){
        this.keys = keys;
        this.ring = ring;
        this.clock = clock;
    }
    async create(request, response) {
        this.requireKeys();
        const wanted = parseNewKey(await readJsonBody(request, maxBodyBytes), this.clock.wallTime());
        return new CreatedKeyAnswer(await this.keys.create(wanted, originOf(request, response)));
    }
    async list() {
        return new KeyList(await this.keys.list());
    }
    async revoke(id, request, response) {
        await this.keys.revoke(id, originOf(request, response));
    }
    /** The first key locks everybody else out, so only whoever has the server's directory may make it. */ requireKeys() {
        if (this.ring.inForce) return;
        throw new DomainError('FORBIDDEN', 'The first key is made on the server: npm run keys -- create --name me --scopes admin.');
    }
}
_ts_decorate([
    Post(),
    RequiresScope('admin'),
    Header('Cache-Control', 'no-store'),
    ApiOperation({
        operationId: 'createKey',
        summary: 'Make a key',
        description: 'The first one is made on the server: `npm run keys -- create --name me --scopes admin`.'
    }),
    ApiBody({
        type: NewKeyBody
    }),
    ApiCreatedResponse({
        type: CreatedKeyAnswer,
        description: 'In force at once.'
    }),
    ApiProblem(400, 'INVALID_CONFIG'),
    ApiProblem(400, 'MALFORMED_REQUEST'),
    ApiProblem(413, 'PAYLOAD_TOO_LARGE'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
    _ts_param(0, Req()),
    _ts_param(1, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof Request === "undefined" ? Object : Request,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], KeysController.prototype, "create", null);
_ts_decorate([
    Get(),
    RequiresScope('admin'),
    ApiOperation({
        operationId: 'listKeys',
        summary: 'List all keys'
    }),
    ApiOkResponse({
        type: KeyList,
        description: 'Revoked ones included.'
    }),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", []),
    _ts_metadata("design:returntype", Promise)
], KeysController.prototype, "list", null);
_ts_decorate([
    Delete(':id'),
    HttpCode(204),
    RequiresScope('admin'),
    ApiOperation({
        operationId: 'revokeKey',
        summary: 'Revoke a key',
        description: 'In force at once.'
    }),
    ApiParam({
        name: 'id',
        example: '0123456789ab'
    }),
    ApiNoContentResponse({
        description: 'The key opens nothing any more.'
    }),
    ApiProblem(404, 'KEY_NOT_FOUND'),
    ApiProblem(503, 'STORAGE_UNAVAILABLE'),
    ApiProblem(507, 'INSUFFICIENT_STORAGE'),
    _ts_param(0, Param('id')),
    _ts_param(1, Req()),
    _ts_param(2, Res({
        passthrough: true
    })),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        String,
        typeof Request === "undefined" ? Object : Request,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], KeysController.prototype, "revoke", null);
KeysController = _ts_decorate([
    ApiTags('access'),
    Controller('keys'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof KeyService === "undefined" ? Object : KeyService,
        typeof KeyRing === "undefined" ? Object : KeyRing,
        typeof Clock === "undefined" ? Object : Clock
    ])
], KeysController);
function originOf(request, response) {
    const { keyId, address } = callerOf(request);
    const requestId = response.getHeader('X-Request-Id');
    return {
        actor: keyId ?? 'local',
        requestId: typeof requestId === 'string' ? requestId : null,
        address
    };
}

//# sourceMappingURL=keys.controller.js.map