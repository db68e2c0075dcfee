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
import { scopes } from '../../common/access/scope.js';
const time = {
    format: 'date-time',
    example: '2026-01-31T12:00:00.000Z'
};
/** What is told of a key; never its secret, nor what is kept of it. */ export class KeyMetadata {
    id;
    name;
    scopes;
    createdAt;
    expiresAt;
    revokedAt;
    lastUsedOn;
    constructor(key){
        this.id = key.id;
        this.name = key.name;
        this.scopes = key.scopes;
        this.createdAt = key.createdAt.toISOString();
        this.expiresAt = key.expiresAt?.toISOString() ?? null;
        this.revokedAt = key.revokedAt?.toISOString() ?? null;
        this.lastUsedOn = key.lastUsedOn;
    }
}
_ts_decorate([
    ApiProperty({
        description: 'Names the key in `DELETE /keys/:id` and in the audit log.',
        example: '0123456789ab'
    }),
    _ts_metadata("design:type", String)
], KeyMetadata.prototype, "id", void 0);
_ts_decorate([
    ApiProperty({
        example: 'ci'
    }),
    _ts_metadata("design:type", String)
], KeyMetadata.prototype, "name", void 0);
_ts_decorate([
    ApiProperty({
        enum: scopes,
        isArray: true,
        description: '`admin` may do everything.'
    }),
    _ts_metadata("design:type", Object)
], KeyMetadata.prototype, "scopes", void 0);
_ts_decorate([
    ApiProperty(time),
    _ts_metadata("design:type", String)
], KeyMetadata.prototype, "createdAt", void 0);
_ts_decorate([
    ApiProperty({
        ...time,
        type: String,
        nullable: true,
        description: 'Not valid from then on.'
    }),
    _ts_metadata("design:type", Object)
], KeyMetadata.prototype, "expiresAt", void 0);
_ts_decorate([
    ApiProperty({
        ...time,
        type: String,
        nullable: true,
        description: 'Not valid since then.'
    }),
    _ts_metadata("design:type", Object)
], KeyMetadata.prototype, "revokedAt", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        format: 'date',
        nullable: true,
        example: '2026-01-31',
        description: 'The last day, in UTC, that it was used on.'
    }),
    _ts_metadata("design:type", Object)
], KeyMetadata.prototype, "lastUsedOn", void 0);
export class KeyList {
    count;
    keys;
    constructor(keys){
        this.count = keys.length;
        this.keys = keys.map((key)=>new KeyMetadata(key));
    }
}
_ts_decorate([
    ApiProperty({
        type: 'integer'
    }),
    _ts_metadata("design:type", Number)
], KeyList.prototype, "count", void 0);
_ts_decorate([
    ApiProperty({
        type: [
            KeyMetadata
        ]
    }),
    _ts_metadata("design:type", Object)
], KeyList.prototype, "keys", void 0);
/** The one answer that holds the key itself. */ export class CreatedKeyAnswer extends KeyMetadata {
    key;
    constructor({ key, text }){
        super(key);
        this.key = text;
    }
}
_ts_decorate([
    ApiProperty({
        description: 'The key: shown this once, and kept nowhere.',
        example: `glb_0123456789ab_${'x'.repeat(43)}`
    }),
    _ts_metadata("design:type", String)
], CreatedKeyAnswer.prototype, "key", void 0);
/** The body of `POST /keys`, for the OpenAPI document; `parseNewKey` holds it to its rules. */ export class NewKeyBody {
    name;
    scopes;
    expiresAt;
}
_ts_decorate([
    ApiProperty({
        minLength: 1,
        maxLength: 64,
        description: 'Printable ASCII.',
        example: 'ci'
    }),
    _ts_metadata("design:type", String)
], NewKeyBody.prototype, "name", void 0);
_ts_decorate([
    ApiProperty({
        enum: scopes,
        isArray: true,
        minItems: 1
    }),
    _ts_metadata("design:type", Object)
], NewKeyBody.prototype, "scopes", void 0);
_ts_decorate([
    ApiProperty({
        ...time,
        type: String,
        nullable: true,
        required: false,
        description: 'In the future.'
    }),
    _ts_metadata("design:type", Object)
], NewKeyBody.prototype, "expiresAt", void 0);

//# sourceMappingURL=key-answer.js.map