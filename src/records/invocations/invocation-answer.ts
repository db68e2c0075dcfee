import { faultOf, type ErrorCode, type Fault } from '../../common/errors/error-codes.js';
import { ApiProperty } from '../../common/openapi/documentation.js';
import type { FailureCause } from '../../ipc/protocol/messages.js';
import {
  invocationOutcomes,
  type InvocationFailure,
  type InvocationOutcome,
} from '../store/ended-invocation.js';
import type { InvocationRecord } from '../store/record-store.js';

const faults: readonly Fault[] = ['caller', 'function', 'platform'];

export class FailureCauseAnswer {
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

export class InvocationFailureAnswer {
  @ApiProperty({ enum: faults, description: 'Whose fault it was.', example: 'function' })
  readonly fault: Fault;

  @ApiProperty({
    description: 'As in the answer of the call; docs/errors.md lists them.',
    example: 'FUNCTION_ERROR',
  })
  readonly code: string;

  @ApiProperty({
    description: 'What went wrong, as in the answer of the call.',
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
    description: 'Message of what the function threw and, where it has causes, of the last of them.',
    example: 'no',
  })
  readonly errorMessage: string | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Where it was thrown, and so its causes; paths are those inside the container.',
    example: 'TypeError: no\n    at handler (/glambdar/code/index.js:2:9)',
  })
  readonly stack: string | null;

  @ApiProperty({
    type: [FailureCauseAnswer],
    description: 'What it was caused by, each followed by its own causes; the first eight.',
  })
  readonly causes: readonly FailureCauseAnswer[];

  constructor(failure: InvocationFailure) {
    this.fault = faultOf(failure.code as ErrorCode);
    this.code = failure.code;
    this.message = failure.message;
    this.errorType = failure.errorType;
    this.errorMessage = failure.errorMessage;
    this.stack = failure.stack;
    this.causes = (failure.causes ?? []).map((cause) => new FailureCauseAnswer(cause));
  }
}

const milliseconds = { type: Number, nullable: true } as const;

export class InvocationPhasesAnswer {
  @ApiProperty({ ...milliseconds, description: 'Waiting for a place; null where it got none.', example: 0.1 })
  readonly queueMs: number | null;

  @ApiProperty({ ...milliseconds, description: 'Getting a container.', example: 2.4 })
  readonly containerMs: number | null;

  @ApiProperty({
    ...milliseconds,
    description: 'In the handler, the way there and back included.',
    example: 3.5,
  })
  readonly handlerMs: number | null;

  @ApiProperty({ description: 'From the begin to the end.', example: 6 })
  readonly totalMs: number;

  constructor({ queueMs, containerMs, handlerMs, totalMs }: InvocationRecord['phases']) {
    this.queueMs = queueMs;
    this.containerMs = containerMs;
    this.handlerMs = handlerMs;
    this.totalMs = totalMs;
  }
}

/** One call as the API shows it. */
export class InvocationAnswer {
  @ApiProperty({
    format: 'uuid',
    description: 'The `X-Glambdar-Invocation-Id` of its answer.',
    example: '5f0c1f7e-3a52-4b5e-9c0a-0f6a5d1e2b3c',
  })
  readonly id: string;

  @ApiProperty({ example: 'myfunc' })
  readonly function: string;

  @ApiProperty({ type: 'integer', description: 'Of the code that it ran.', example: 1 })
  readonly version: number;

  @ApiProperty({
    type: 'integer',
    description: 'Of version, settings and secrets together: grows with every change.',
    example: 1,
  })
  readonly revision: number;

  @ApiProperty({ format: 'date-time', example: '2026-01-31T12:00:00.000Z' })
  readonly startedAt: string;

  @ApiProperty({
    enum: invocationOutcomes,
    example: 'function',
    description:
      '`success`: the handler answered, whatever its status; else whose fault it was that it did not.',
  })
  readonly outcome: InvocationOutcome;

  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: "The handler's own; null where it gave none.",
    example: null,
  })
  readonly statusCode: number | null;

  @ApiProperty({ type: InvocationFailureAnswer, nullable: true })
  readonly failure: InvocationFailureAnswer | null;

  @ApiProperty({ description: 'Where its time went, in milliseconds.' })
  readonly phases: InvocationPhasesAnswer;

  @ApiProperty({
    type: String,
    nullable: true,
    description:
      'How it came by its container: `fresh-pool`, `prewarmed`, `cold` or `warm`; null where it got none.',
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
      'The most memory that its container has held since its start, loading included and, of a `warm` one, earlier calls. Null where the kernel did not tell.',
    example: 46_137_344,
  })
  readonly memoryPeakBytes: number | null;

  @ApiProperty({
    ...milliseconds,
    description:
      'CPU time that its container used during the call. Null where the kernel did not tell, and for `warm` calls that followed another within a tenth of a second.',
    example: 12.5,
  })
  readonly cpuTimeMs: number | null;

  @ApiProperty({
    type: String,
    nullable: true,
    description: "The call's place in its trace (W3C Trace Context).",
    example: '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01',
  })
  readonly traceparent: string | null;

  @ApiProperty({ description: 'The path of what it printed.', example: '/logs/myfunc?invocation=…' })
  readonly logs: string;

  constructor(record: InvocationRecord) {
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

export class InvocationList {
  @ApiProperty({ type: [InvocationAnswer], description: 'The last that ended, the newest first.' })
  readonly invocations: readonly InvocationAnswer[];

  constructor(records: readonly InvocationRecord[]) {
    this.invocations = records.map((record) => new InvocationAnswer(record));
  }
}
