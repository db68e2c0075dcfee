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
const time = {
    format: 'date-time',
    example: '2026-01-31T12:00:00.000Z'
};
/** What is told of a secret: never its value, nor anything made of it. */ export class SecretMetadata {
    key;
    createdAt;
    updatedAt;
    constructor({ key, createdAt, updatedAt }){
        this.key = key;
        this.createdAt = createdAt.toISOString();
        this.updatedAt = updatedAt.toISOString();
    }
}
_ts_decorate([
    ApiProperty({
        example: 'API_TOKEN'
    }),
    _ts_metadata("design:type", String)
], SecretMetadata.prototype, "key", void 0);
_ts_decorate([
    ApiProperty(time),
    _ts_metadata("design:type", String)
], SecretMetadata.prototype, "createdAt", void 0);
_ts_decorate([
    ApiProperty({
        ...time,
        description: 'When its value was last set.'
    }),
    _ts_metadata("design:type", String)
], SecretMetadata.prototype, "updatedAt", void 0);
export class SecretList {
    function;
    count;
    secrets;
    constructor({ name, secrets }){
        this.function = name;
        this.count = secrets.length;
        this.secrets = secrets.map((secret)=>new SecretMetadata(secret));
    }
}
_ts_decorate([
    ApiProperty({
        description: "The function's name.",
        example: 'myfunc'
    }),
    _ts_metadata("design:type", String)
], SecretList.prototype, "function", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Length of `secrets`.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], SecretList.prototype, "count", void 0);
_ts_decorate([
    ApiProperty({
        type: [
            SecretMetadata
        ],
        description: 'By key.'
    }),
    _ts_metadata("design:type", Object)
], SecretList.prototype, "secrets", void 0);
/** The body of `PUT /secrets/:name/:key`, for the OpenAPI document; `parseSecretValue` holds it to its rules. */ export class SecretValueBody {
    value;
}
_ts_decorate([
    ApiProperty({
        minLength: 1,
        writeOnly: true,
        description: 'Text without NUL, at most 32 KiB in UTF-8 unless the operator chose otherwise.',
        example: 'correct horse battery staple'
    }),
    _ts_metadata("design:type", String)
], SecretValueBody.prototype, "value", void 0);

//# sourceMappingURL=secret-answer.js.map