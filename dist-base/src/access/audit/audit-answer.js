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
import { auditActions } from '../../common/audit/audit-trail.js';
export class AuditEntryAnswer {
    sequence;
    at;
    actor;
    action;
    target;
    sha256;
    outcome;
    requestId;
    address;
    constructor(record){
        this.sequence = record.sequence;
        this.at = record.at.toISOString();
        this.actor = record.actor;
        this.action = record.action;
        this.target = record.target;
        this.sha256 = record.sha256;
        this.outcome = record.outcome;
        this.requestId = record.requestId;
        this.address = record.address;
    }
}
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Grows with every entry.',
        example: 42
    }),
    _ts_metadata("design:type", Number)
], AuditEntryAnswer.prototype, "sequence", void 0);
_ts_decorate([
    ApiProperty({
        format: 'date-time',
        example: '2026-01-31T12:00:00.000Z'
    }),
    _ts_metadata("design:type", String)
], AuditEntryAnswer.prototype, "at", void 0);
_ts_decorate([
    ApiProperty({
        description: "A key's id; `local`: on the server's machine, without a key; `nobody`: turned away for want of one."
    }),
    _ts_metadata("design:type", String)
], AuditEntryAnswer.prototype, "actor", void 0);
_ts_decorate([
    ApiProperty({
        enum: auditActions
    }),
    _ts_metadata("design:type", typeof AuditAction === "undefined" ? Object : AuditAction)
], AuditEntryAnswer.prototype, "action", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: "A function's name, a key's id, or a refused request's method and route."
    }),
    _ts_metadata("design:type", Object)
], AuditEntryAnswer.prototype, "target", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: 'SHA-256 of the archive that was deployed, or gone back to; null where none was unpacked, and before it is.'
    }),
    _ts_metadata("design:type", Object)
], AuditEntryAnswer.prototype, "sha256", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        description: '`begun`, then `done` or the code of the error, with the same `requestId`. What was begun and has no end was cut off by the end of the server.',
        example: 'done'
    }),
    _ts_metadata("design:type", typeof AuditOutcome === "undefined" ? Object : AuditOutcome)
], AuditEntryAnswer.prototype, "outcome", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: 'The `X-Request-Id` of the answer.'
    }),
    _ts_metadata("design:type", Object)
], AuditEntryAnswer.prototype, "requestId", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: "The client's address; null for a command."
    }),
    _ts_metadata("design:type", Object)
], AuditEntryAnswer.prototype, "address", void 0);
export class AuditPage {
    entries;
    next;
    constructor(records, after){
        this.entries = records.map((record)=>new AuditEntryAnswer(record));
        this.next = records.at(-1)?.sequence ?? after;
    }
}
_ts_decorate([
    ApiProperty({
        type: [
            AuditEntryAnswer
        ],
        description: 'Oldest first.'
    }),
    _ts_metadata("design:type", Object)
], AuditPage.prototype, "entries", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: '`after` of the next page.',
        example: 142
    }),
    _ts_metadata("design:type", Number)
], AuditPage.prototype, "next", void 0);

//# sourceMappingURL=audit-answer.js.map