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
/** What is told of one version. */ export class VersionMetadata {
    version;
    createdAt;
    sha256;
    codeBytes;
    fileCount;
    current;
    constructor(version, currentId){
        this.version = version.number;
        this.createdAt = version.createdAt.toISOString();
        this.sha256 = version.sha256;
        this.codeBytes = version.codeBytes;
        this.fileCount = version.fileCount;
        this.current = version.id === currentId;
    }
}
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Counted up with every new version; never given twice.',
        example: 2
    }),
    _ts_metadata("design:type", Number)
], VersionMetadata.prototype, "version", void 0);
_ts_decorate([
    ApiProperty({
        format: 'date-time',
        example: '2026-01-31T12:00:00.000Z'
    }),
    _ts_metadata("design:type", String)
], VersionMetadata.prototype, "createdAt", void 0);
_ts_decorate([
    ApiProperty({
        description: 'SHA-256 of the uploaded archive.',
        example: '9f86d081884c7d65'.repeat(4)
    }),
    _ts_metadata("design:type", String)
], VersionMetadata.prototype, "sha256", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Unpacked size of the code, in bytes.',
        example: 2048
    }),
    _ts_metadata("design:type", Number)
], VersionMetadata.prototype, "codeBytes", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Files in the code.',
        example: 2
    }),
    _ts_metadata("design:type", Number)
], VersionMetadata.prototype, "fileCount", void 0);
_ts_decorate([
    ApiProperty({
        description: 'New calls run this version; true of exactly one.',
        example: true
    }),
    _ts_metadata("design:type", Boolean)
], VersionMetadata.prototype, "current", void 0);
/** The versions of a function that are kept. */ export class VersionList {
    function;
    count;
    versions;
    constructor({ name, version }, versions){
        this.function = name;
        this.count = versions.length;
        this.versions = versions.map((one)=>new VersionMetadata(one, version.id));
    }
}
_ts_decorate([
    ApiProperty({
        example: 'myfunc'
    }),
    _ts_metadata("design:type", String)
], VersionList.prototype, "function", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Length of `versions`.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], VersionList.prototype, "count", void 0);
_ts_decorate([
    ApiProperty({
        type: [
            VersionMetadata
        ],
        description: 'Newest first.'
    }),
    _ts_metadata("design:type", Object)
], VersionList.prototype, "versions", void 0);

//# sourceMappingURL=version-answer.js.map