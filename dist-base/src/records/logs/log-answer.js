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
import { lineLevels, linePhases } from '../../sandbox/printed-line.js';
/** One line as the API shows it. */ export class LogLineAnswer {
    sequence;
    at;
    invocationId;
    version;
    revision;
    phase;
    stream;
    level;
    text;
    truncated;
    droppedBytes;
    constructor(line){
        this.sequence = line.sequence;
        this.at = new Date(line.atMs).toISOString();
        this.invocationId = line.invocationId;
        this.version = line.function.version;
        this.revision = line.function.revision;
        this.phase = line.phase;
        this.stream = line.stream;
        this.level = line.level;
        this.text = line.text;
        this.truncated = line.isCut;
        this.droppedBytes = line.droppedBytes;
    }
}
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Grows from line to line; `before` and `Last-Event-ID` take it.'
    }),
    _ts_metadata("design:type", Number)
], LogLineAnswer.prototype, "sequence", void 0);
_ts_decorate([
    ApiProperty({
        format: 'date-time',
        example: '2026-01-31T12:00:00.000Z'
    }),
    _ts_metadata("design:type", String)
], LogLineAnswer.prototype, "at", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: 'The call that printed it; null outside calls.'
    }),
    _ts_metadata("design:type", Object)
], LogLineAnswer.prototype, "invocationId", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Of the code that printed it.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], LogLineAnswer.prototype, "version", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Of version, settings and secrets together.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], LogLineAnswer.prototype, "revision", void 0);
_ts_decorate([
    ApiProperty({
        enum: linePhases,
        description: '`load`: before the first call of its container, `call`: during a call or right after it, `idle`: between calls.'
    }),
    _ts_metadata("design:type", typeof LinePhase === "undefined" ? Object : LinePhase)
], LogLineAnswer.prototype, "phase", void 0);
_ts_decorate([
    ApiProperty({
        enum: [
            'stdout',
            'stderr'
        ]
    }),
    _ts_metadata("design:type", String)
], LogLineAnswer.prototype, "stream", void 0);
_ts_decorate([
    ApiProperty({
        enum: lineLevels
    }),
    _ts_metadata("design:type", typeof LineLevel === "undefined" ? Object : LineLevel)
], LogLineAnswer.prototype, "level", void 0);
_ts_decorate([
    ApiProperty({
        description: 'As the function printed it, without the line feed: it may hold anything. Bytes that are no UTF-8 are U+FFFD.',
        example: 'hello'
    }),
    _ts_metadata("design:type", String)
], LogLineAnswer.prototype, "text", void 0);
_ts_decorate([
    ApiProperty({
        description: 'The line was longer than a line may be; its end is missing.'
    }),
    _ts_metadata("design:type", Boolean)
], LogLineAnswer.prototype, "truncated", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Bytes printed before this line that were not kept, because the call printed too much.',
        example: 0
    }),
    _ts_metadata("design:type", Number)
], LogLineAnswer.prototype, "droppedBytes", void 0);
export class LogPage {
    function;
    lines;
    constructor(name, lines){
        this.function = name;
        this.lines = lines.map((line)=>new LogLineAnswer(line));
    }
}
_ts_decorate([
    ApiProperty({
        example: 'myfunc'
    }),
    _ts_metadata("design:type", String)
], LogPage.prototype, "function", void 0);
_ts_decorate([
    ApiProperty({
        type: [
            LogLineAnswer
        ],
        description: 'Newest last.'
    }),
    _ts_metadata("design:type", Object)
], LogPage.prototype, "lines", void 0);

//# sourceMappingURL=log-answer.js.map