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
import { Controller, Get, Headers, Param, Query, Res } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { RequiresScope } from '../../common/access/route-access.js';
import { FunctionNamePipe } from '../../functions/function-name.pipe.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { RecordReader } from '../record-reader.js';
import { sendJson } from '../send-json.js';
import { EventStream } from './event-stream.js';
import { LogPage } from './log-answer.js';
import { LogFollowing } from './log-following.js';
import { parseLastEventId, parseLogQuery } from './log-query.js';
import { DocumentedLogs } from './logs.openapi.js';
export class LogsController {
    functions;
    reader;
    following;
    constructor(functions, reader, following){
        this.functions = functions;
        this.reader = reader;
        this.following = following;
    }
    async logs(name, query, lastEventId, response) {
        const { filter, follow } = parseLogQuery(query);
        const deployed = this.functions.get(name);
        if (follow) {
            const after = parseLastEventId(lastEventId);
            await this.following.follow(deployed, new EventStream(response), {
                filter,
                after
            });
            return;
        }
        const lines = await this.reader.lines({
            ...filter,
            functionId: deployed.id
        });
        sendJson(response, new LogPage(name, lines));
    }
}
_ts_decorate([
    Get(':name'),
    RequiresScope('logs:read'),
    DocumentedLogs(),
    _ts_param(0, Param('name', FunctionNamePipe)),
    _ts_param(1, Query()),
    _ts_param(2, Headers('last-event-id')),
    _ts_param(3, Res()),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionName === "undefined" ? Object : FunctionName,
        typeof RawQuery === "undefined" ? Object : RawQuery,
        Object,
        typeof Response === "undefined" ? Object : Response
    ]),
    _ts_metadata("design:returntype", Promise)
], LogsController.prototype, "logs", null);
LogsController = _ts_decorate([
    ApiTags('records'),
    Controller('logs'),
    _ts_metadata("design:type", Function),
    _ts_metadata("design:paramtypes", [
        typeof FunctionRegistry === "undefined" ? Object : FunctionRegistry,
        typeof RecordReader === "undefined" ? Object : RecordReader,
        typeof LogFollowing === "undefined" ? Object : LogFollowing
    ])
], LogsController);

//# sourceMappingURL=logs.controller.js.map