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
import { faultOf } from '../../common/errors/error-codes.js';
import { invocationOutcomes } from '../store/ended-invocation.js';
const faults = [
    'caller',
    'function',
    'platform'
];
export class InvocationFailureAnswer {
    fault;
    code;
    message;
    errorType;
    errorMessage;
    stack;
    constructor(failure){
        this.fault = faultOf(failure.code);
        this.code = failure.code;
        this.message = failure.message;
        this.errorType = failure.errorType;
        this.errorMessage = failure.errorMessage;
        this.stack = failure.stack;
    }
}
_ts_decorate([
    ApiProperty({
        enum: faults,
        description: 'Whose fault it was.'
    }),
    _ts_metadata("design:type", typeof Fault === "undefined" ? Object : Fault)
], InvocationFailureAnswer.prototype, "fault", void 0);
_ts_decorate([
    ApiProperty({
        description: 'As in the answer of the call; docs/errors.md lists them.',
        example: 'FUNCTION_ERROR'
    }),
    _ts_metadata("design:type", String)
], InvocationFailureAnswer.prototype, "code", void 0);
_ts_decorate([
    ApiProperty({
        description: 'What went wrong, as in the answer of the call.'
    }),
    _ts_metadata("design:type", String)
], InvocationFailureAnswer.prototype, "message", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: 'Class name of what the function threw.'
    }),
    _ts_metadata("design:type", Object)
], InvocationFailureAnswer.prototype, "errorType", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: 'Message of what the function threw.'
    }),
    _ts_metadata("design:type", Object)
], InvocationFailureAnswer.prototype, "errorMessage", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: 'Where it was thrown; paths are those inside the container.'
    }),
    _ts_metadata("design:type", Object)
], InvocationFailureAnswer.prototype, "stack", void 0);
const milliseconds = {
    type: Number,
    nullable: true
};
export class InvocationPhasesAnswer {
    queueMs;
    containerMs;
    handlerMs;
    totalMs;
    constructor({ queueMs, containerMs, handlerMs, totalMs }){
        this.queueMs = queueMs;
        this.containerMs = containerMs;
        this.handlerMs = handlerMs;
        this.totalMs = totalMs;
    }
}
_ts_decorate([
    ApiProperty({
        ...milliseconds,
        description: 'Waiting for a place; null where it got none.'
    }),
    _ts_metadata("design:type", Object)
], InvocationPhasesAnswer.prototype, "queueMs", void 0);
_ts_decorate([
    ApiProperty({
        ...milliseconds,
        description: 'Getting a container.'
    }),
    _ts_metadata("design:type", Object)
], InvocationPhasesAnswer.prototype, "containerMs", void 0);
_ts_decorate([
    ApiProperty({
        ...milliseconds,
        description: 'In the handler, the way there and back included.'
    }),
    _ts_metadata("design:type", Object)
], InvocationPhasesAnswer.prototype, "handlerMs", void 0);
_ts_decorate([
    ApiProperty({
        description: 'From the begin to the end.'
    }),
    _ts_metadata("design:type", Number)
], InvocationPhasesAnswer.prototype, "totalMs", void 0);
/** One call as the API shows it. */ export class InvocationAnswer {
    id;
    function;
    version;
    revision;
    startedAt;
    outcome;
    statusCode;
    failure;
    phases;
    origin;
    requestBytes;
    responseBytes;
    memoryPeakBytes;
    cpuTimeMs;
    traceparent;
    logs;
    constructor(record){
        this.id = record.id;
        this.function = record.function.name;
        this.version = record.function.version;
        this.revision = record.function.revision;
        this.startedAt = new Date(record.startedAtMs).toISOString();
        this.outcome = record.outcome;
        this.statusCode = record.statusCode;
        this.failure = record.failure && new InvocationFailureAnswer(record.failure);
        this.phases = new InvocationPhasesAnswer(record.phases);
        this.origin = record.origin;
        this.requestBytes = record.requestBytes;
        this.responseBytes = record.responseBytes;
        this.memoryPeakBytes = record.usage.memoryPeakBytes;
        this.cpuTimeMs = record.usage.cpuTimeMs;
        this.traceparent = record.traceparent;
        this.logs = `/logs/${record.function.name}?invocation=${record.id}`;
    }
}
_ts_decorate([
    ApiProperty({
        format: 'uuid',
        description: 'The `X-Glambdar-Invocation-Id` of its answer.'
    }),
    _ts_metadata("design:type", String)
], InvocationAnswer.prototype, "id", void 0);
_ts_decorate([
    ApiProperty({
        example: 'myfunc'
    }),
    _ts_metadata("design:type", String)
], InvocationAnswer.prototype, "function", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Of the code that it ran.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], InvocationAnswer.prototype, "version", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        description: 'Of version, settings and secrets together: grows with every change.',
        example: 1
    }),
    _ts_metadata("design:type", Number)
], InvocationAnswer.prototype, "revision", void 0);
_ts_decorate([
    ApiProperty({
        format: 'date-time',
        example: '2026-01-31T12:00:00.000Z'
    }),
    _ts_metadata("design:type", String)
], InvocationAnswer.prototype, "startedAt", void 0);
_ts_decorate([
    ApiProperty({
        enum: invocationOutcomes,
        description: '`success`: the handler answered, whatever its status; else whose fault it was that it did not.'
    }),
    _ts_metadata("design:type", typeof InvocationOutcome === "undefined" ? Object : InvocationOutcome)
], InvocationAnswer.prototype, "outcome", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        nullable: true,
        description: "The handler's own; null where it gave none."
    }),
    _ts_metadata("design:type", Object)
], InvocationAnswer.prototype, "statusCode", void 0);
_ts_decorate([
    ApiProperty({
        type: InvocationFailureAnswer,
        nullable: true
    }),
    _ts_metadata("design:type", Object)
], InvocationAnswer.prototype, "failure", void 0);
_ts_decorate([
    ApiProperty({
        description: 'Where its time went, in milliseconds.'
    }),
    _ts_metadata("design:type", typeof InvocationPhasesAnswer === "undefined" ? Object : InvocationPhasesAnswer)
], InvocationAnswer.prototype, "phases", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: 'How it came by its container: `fresh-pool`, `stem`, `cold` or `warm`; null where it got none.'
    }),
    _ts_metadata("design:type", Object)
], InvocationAnswer.prototype, "origin", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer'
    }),
    _ts_metadata("design:type", Number)
], InvocationAnswer.prototype, "requestBytes", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer'
    }),
    _ts_metadata("design:type", Number)
], InvocationAnswer.prototype, "responseBytes", void 0);
_ts_decorate([
    ApiProperty({
        type: 'integer',
        nullable: true,
        description: 'The most memory that its container has held since its start, loading included and, of a `warm` one, earlier calls. Null where the kernel did not tell.'
    }),
    _ts_metadata("design:type", Object)
], InvocationAnswer.prototype, "memoryPeakBytes", void 0);
_ts_decorate([
    ApiProperty({
        ...milliseconds,
        description: 'CPU time that its container used during the call. Null where the kernel did not tell, and for `warm` calls that followed another within a tenth of a second.'
    }),
    _ts_metadata("design:type", Object)
], InvocationAnswer.prototype, "cpuTimeMs", void 0);
_ts_decorate([
    ApiProperty({
        type: String,
        nullable: true,
        description: "The call's place in its trace (W3C Trace Context)."
    }),
    _ts_metadata("design:type", Object)
], InvocationAnswer.prototype, "traceparent", void 0);
_ts_decorate([
    ApiProperty({
        description: 'The path of what it printed.',
        example: '/logs/myfunc?invocation=…'
    }),
    _ts_metadata("design:type", String)
], InvocationAnswer.prototype, "logs", void 0);
export class InvocationList {
    invocations;
    constructor(records){
        this.invocations = records.map((record)=>new InvocationAnswer(record));
    }
}
_ts_decorate([
    ApiProperty({
        type: [
            InvocationAnswer
        ],
        description: 'The last that ended, the newest first.'
    }),
    _ts_metadata("design:type", Object)
], InvocationList.prototype, "invocations", void 0);

//# sourceMappingURL=invocation-answer.js.map