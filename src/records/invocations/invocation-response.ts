import { faultOf, type ErrorCode, type Fault } from '../../common/errors/error-codes.js';
import { ApiProperty, ApiPropertyOptional } from '../../common/openapi/documentation.js';
import { type Trigger, triggerKinds } from '../../invocation/trigger.js';
import type { FailureCause } from '../../ipc/protocol/messages.js';
import {
  type InvocationFailure,
  type InvocationOutcome,
  invocationOutcomes,
  type InvocationRecord,
} from '../store/record-store.js';

const faults: readonly Fault[] = ['caller', 'function', 'platform'];

export class FailureCauseResponse {
  @ApiProperty({ example: 'Error' })
  readonly errorType: string;

  @ApiProperty({ example: 'connect ECONNREFUSED 127.0.0.1:5432' })
  readonly errorMessage: string;

  @ApiProperty({ type: String, nullable: true, example: 'ECONNREFUSED' })
  readonly code: string | null;

  constructor({ errorType, errorMessage, code }: FailureCause) {
    this.errorType = errorType;
    this.errorMessage = errorMessage;
    this.code = code;
  }
}

export class InvocationFailureResponse {
  @ApiProperty({ enum: faults, description: 'Whose fault it was.', example: 'function' })
  readonly fault: Fault;

  @ApiProperty({
    description: "As in the call's answer; docs/errors.md lists all codes.",
    example: 'FUNCTION_ERROR',
  })
  readonly code: string;

  @ApiProperty({
    description: "What went wrong, as in the call's answer.",
    example: 'The function threw TypeError: no',
  })
  readonly message: string;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Class name of what the function threw.',
    example: 'TypeError',
  })
  readonly errorType: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Message of what the function threw and, if it has causes, of the last one.',
    example: 'no',
  })
  readonly errorMessage: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where the error and its causes were thrown; paths are those inside the container.',
    example: 'TypeError: no\n    at handler (/glambdar/code/index.js:2:9)',
  })
  readonly stack: string | null;

  @ApiProperty({
    type: [FailureCauseResponse],
    description: 'The causes of the error, each followed by its own causes; at most eight.',
  })
  readonly causes: readonly FailureCauseResponse[];

  constructor(failure: InvocationFailure) {
    this.fault = faultOf(failure.code as ErrorCode);
    this.code = failure.code;
    this.message = failure.message;
    this.errorType = failure.errorType;
    this.errorMessage = failure.errorMessage;
    this.stack = failure.stack;
    this.causes = (failure.causes ?? []).map((cause) => new FailureCauseResponse(cause));
  }
}

const milliseconds = { type: Number, nullable: true } as const;

export class InvocationPhasesResponse {
  @ApiProperty({ ...milliseconds, description: 'Waiting to run; null if it never ran.', example: 0.1 })
  readonly queueMs: number | null;

  @ApiProperty({ ...milliseconds, description: 'Getting a container.', example: 2.4 })
  readonly containerMs: number | null;

  @ApiProperty({
    ...milliseconds,
    description: 'In the handler, including the transfer in both directions.',
    example: 3.5,
  })
  readonly handlerMs: number | null;

  @ApiProperty({ description: 'From start to end.', example: 6 })
  readonly totalMs: number;

  constructor({ queueMs, containerMs, handlerMs, totalMs }: InvocationRecord['phases']) {
    this.queueMs = queueMs;
    this.containerMs = containerMs;
    this.handlerMs = handlerMs;
    this.totalMs = totalMs;
  }
}

/** What made a call. */
export class InvocationTriggerResponse {
  @ApiProperty({
    enum: triggerKinds,
    example: 'event',
    description:
      '`http`: a request that waited for the answer; `event`: an event ran; `schedule`: an event that a schedule made ran.',
  })
  readonly kind: Trigger['kind'];

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'The event, as in `GET /events/:id`: this call is one of its attempts.',
    example: '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a54',
  })
  readonly eventId?: string;

  @ApiPropertyOptional({ description: 'The name of the schedule.', example: 'nightly' })
  readonly schedule?: string;

  constructor(trigger: Trigger) {
    this.kind = trigger.kind;
    if (trigger.kind !== 'http') this.eventId = trigger.eventId;
    if (trigger.kind === 'schedule') this.schedule = trigger.schedule;
  }
}

/** One call as the API shows it. */
export class InvocationResponse {
  @ApiProperty({
    format: 'uuid',
    description: "The `X-Glambdar-Invocation-Id` of the call's answer.",
    example: '5f0c1f7e-3a52-4b5e-9c0a-0f6a5d1e2b3c',
  })
  readonly id: string;

  @ApiProperty({ example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ type: 'integer', description: 'The version that it ran.', example: 1 })
  readonly version: number;

  @ApiProperty({
    type: 'integer',
    description: 'The revision: version, settings and secrets together; increases with every change.',
    example: 1,
  })
  readonly revision: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly startedAt: string;

  @ApiProperty({
    description: 'What made it; `http`, too, of calls that an earlier Glambdar recorded.',
  })
  readonly trigger: InvocationTriggerResponse;

  @ApiProperty({
    enum: invocationOutcomes,
    example: 'function',
    description:
      '`success`: the handler answered, whatever its status; otherwise, whose fault the failure was.',
  })
  readonly outcome: InvocationOutcome;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: "The handler's status; null if it gave none.",
    example: null,
  })
  readonly statusCode: number | null;

  @ApiProperty({ type: InvocationFailureResponse, nullable: true })
  readonly failure: InvocationFailureResponse | null;

  @ApiProperty({ description: 'How long each phase took, in milliseconds.' })
  readonly phases: InvocationPhasesResponse;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'Where its container came from: `fresh-pool`, `prewarmed`, `cold` or `warm`; null if it got none.',
    example: 'fresh-pool',
  })
  readonly origin: string | null;

  @ApiProperty({ type: 'integer', example: 20 })
  readonly requestBytes: number;

  @ApiProperty({ type: 'integer', example: 0 })
  readonly responseBytes: number;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description:
      'The most memory that its container has used since its start, including loading and, for a `warm` one, earlier calls. Null if the kernel did not report it.',
    example: 46_137_344,
  })
  readonly memoryPeakBytes: number | null;

  @ApiProperty({
    ...milliseconds,
    description:
      'CPU time that its container used during the call. Null if the kernel did not report it, and for `warm` calls that followed another one within a tenth of a second.',
    example: 12.5,
  })
  readonly cpuTimeMs: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'The call in its trace (W3C Trace Context).',
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  })
  readonly traceparent: string | null;

  @ApiProperty({
    description: 'The path of the lines that it printed.',
    example: '/logs/myfunc?invocation=…',
  })
  readonly logs: string;

  constructor(record: InvocationRecord) {
    this.id = record.id;
    this.function = record.function.name;
    this.version = record.function.version;
    this.revision = record.function.revision;
    this.startedAt = new Date(record.startedAtMs).toISOString();
    this.trigger = new InvocationTriggerResponse(record.trigger ?? { kind: 'http' });
    this.outcome = record.outcome;
    this.statusCode = record.statusCode;
    this.failure = record.failure && new InvocationFailureResponse(record.failure);
    this.phases = new InvocationPhasesResponse(record.phases);
    this.origin = record.origin;
    this.requestBytes = record.requestBytes;
    this.responseBytes = record.responseBytes;
    this.memoryPeakBytes = record.usage.memoryPeakBytes;
    this.cpuTimeMs = record.usage.cpuTimeMs;
    this.traceparent = record.traceparent;
    this.logs = `/logs/${record.function.name}?invocation=${record.id}`;
  }
}

export class InvocationList {
  @ApiProperty({ type: [InvocationResponse], description: 'The calls that ended last, newest first.' })
  readonly invocations: readonly InvocationResponse[];

  constructor(records: readonly InvocationRecord[]) {
    this.invocations = records.map((record) => new InvocationResponse(record));
  }
}
