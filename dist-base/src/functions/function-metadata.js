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
import { ApiProperty } from '@nestjs/swagger';
import { functionNamePattern } from './function-name.js';
import { isolations } from './settings/function-settings.dto.js';
const functionStates = [
    'active',
    'broken'
];
/** What `GET /info` tells of a function. */ export class FunctionMetadata {
    name;
    createdAt;
    lastInvokedAt;
    invokeCount;
    version;
    sha256;
    codeBytes;
    fileCount;
    state;
    isolation;
    minContainers;
    maxContainers;
    idleTimeoutSeconds;
    constructor({ name, createdAt, lastInvokedAt, invokeCount, version, settings }, state){
        this.name = name;
        this.createdAt = createdAt.toISOString();
        this.lastInvokedAt = lastInvokedAt?.toISOString() ?? null;
        this.invokeCount = invokeCount;
        this.version = version.number;
        this.sha256 = version.sha256;
        this.codeBytes = version.codeBytes;
        this.fileCount = version.fileCount;
        this.state = state;
        this.isolation = settings.isolation;
        this.minContainers = settings.minContainers;
        this.maxContainers = settings.maxContainers;
        this.idleTimeoutSeconds = settings.idleTimeoutSeconds;
    }
}
_ts_decorate([
    ApiProperty({
        pattern: functionNamePattern.source,
        example: 'myfunc'
    }),
    _ts_metadata("design:type", String)
], FunctionMetadata.prototype, "name", void 0);
_ts_decorate([
    ApiProperty({
        format: 'date-time',
        example: '2026-01-31T12:00:00.000Z'
    }),
    _ts_metadata("design:type", String)
], FunctionMetadata.prototype, "createdAt", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        format: 'date-time',
        nullable: true,
        description: 'When the last call was admitted; null before the first.',
        example: '2026-01-31T12:30:00.000Z'
    }),
    _ts_metadata("design:type", Object)
], FunctionMetadata.prototype, "lastInvokedAt", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Admitted calls, whatever their outcome.',
        example: 3
    }),
    _ts_metadata("design:type", Number)
], FunctionMetadata.prototype, "invokeCount", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Of the code that new calls run.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], FunctionMetadata.prototype, "version", void 0);
_ts_decorate([
    ApiProperty({
        description: 'SHA-256 of the uploaded archive.',
        example: '9f86d081884c7d65'.repeat(4)
    }),
    _ts_metadata("design:type", String)
], FunctionMetadata.prototype, "sha256", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Unpacked size of the code, in bytes.',
        example: 2048
    }),
    _ts_metadata("design:type", Number)
], FunctionMetadata.prototype, "codeBytes", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Files in the code.',
        example: 2
    }),
    _ts_metadata("design:type", Number)
], FunctionMetadata.prototype, "fileCount", void 0);
_ts_decorate([
    ApiProperty({
        enum: functionStates,
        description: '`broken`: its code is missing on the disk, or is not what was deployed. Calls are answered with `CODE_UNAVAILABLE` until it is published again.',
        example: 'active'
    }),
    _ts_metadata("design:type", typeof FunctionState === "undefined" ? Object : FunctionState)
], FunctionMetadata.prototype, "state", void 0);
_ts_decorate([
    ApiProperty({
        enum: isolations,
        example: 'fresh'
    }),
    _ts_metadata("design:type", typeof Isolation === "undefined" ? Object : Isolation)
], FunctionMetadata.prototype, "isolation", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        example: 0
    }),
    _ts_metadata("design:type", Number)
], FunctionMetadata.prototype, "minContainers", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        example: 4
    }),
    _ts_metadata("design:type", Number)
], FunctionMetadata.prototype, "maxContainers", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        example: 300
    }),
    _ts_metadata("design:type", Number)
], FunctionMetadata.prototype, "idleTimeoutSeconds", void 0);
export class FunctionList {
    count;
    functions;
    constructor(functions){
        this.count = functions.length;
        this.functions = functions;
    }
}
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Length of `functions`.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], FunctionList.prototype, "count", void 0);
_ts_decorate([
    ApiProperty({
        type: [
            FunctionMetadata
        ],
        description: 'In the order of deployment.'
    }),
    _ts_metadata("design:type", Object)
], FunctionList.prototype, "functions", void 0);

//# sourceMappingURL=function-metadata.js.map