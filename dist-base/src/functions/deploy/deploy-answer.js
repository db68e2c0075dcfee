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
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
/** What a deployment, a new version and a rollback are answered with. */ export class DeployAnswer {
    function;
    status;
    version;
    sha256;
    codeBytes;
    fileCount;
    warnings;
    constructor({ deployed, warnings }){
        const { number, sha256, codeBytes, fileCount } = deployed.version;
        this.function = deployed.name;
        this.status = 'deployed';
        this.version = number;
        this.sha256 = sha256;
        this.codeBytes = codeBytes;
        this.fileCount = fileCount;
        if (warnings.length > 0) this.warnings = warnings;
    }
}
_ts_decorate([
    ApiProperty({
        description: "The function's name.",
        example: 'myfunc'
    }),
    _ts_metadata("design:type", String)
], DeployAnswer.prototype, "function", void 0);
_ts_decorate([
    ApiProperty({
        enum: [
            'deployed'
        ],
        example: 'deployed'
    }),
    _ts_metadata("design:type", String)
], DeployAnswer.prototype, "status", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'The version that new calls run.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], DeployAnswer.prototype, "version", void 0);
_ts_decorate([
    ApiProperty({
        description: 'SHA-256 of the uploaded archive.',
        example: '9f86d081884c7d65'.repeat(4)
    }),
    _ts_metadata("design:type", String)
], DeployAnswer.prototype, "sha256", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Unpacked size of the code, in bytes.',
        example: 2048
    }),
    _ts_metadata("design:type", Number)
], DeployAnswer.prototype, "codeBytes", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Files in the code.',
        example: 2
    }),
    _ts_metadata("design:type", Number)
], DeployAnswer.prototype, "fileCount", void 0);
_ts_decorate([
    ApiPropertyOptional({
        type: [
            String
        ],
        description: 'Why calls are likely to fail, one sentence each; absent when the code loads.',
        example: [
            'The code does not load, so calls will fail: there is no index.js in its root.'
        ]
    }),
    _ts_metadata("design:type", Object)
], DeployAnswer.prototype, "warnings", void 0);

//# sourceMappingURL=deploy-answer.js.map