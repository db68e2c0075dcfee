import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';
import { isStreamed, type StreamedResult, type WorkerResult } from '../ipc/worker-session.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { AdmissionService } from './admission/admission.service.js';
import type { Call, CallPhases } from './call.js';
import { EndedCalls, type EndedCall, type Outcome } from './ended-calls.js';

/** What a streamed body is passed on with. */
interface Delivery {
  readonly sandbox: Sandbox;
  readonly phases: CallPhases;
  /** What is left of the call's time. */
  readonly timeoutMs: number;
}

/** The use case: a call is admitted, given a sandbox, exchanged with its worker, and recorded. */
@Injectable()
export class InvocationService {
  constructor(
    private readonly functions: FunctionRegistry,
    private readonly admission: AdmissionService,
    private readonly sandboxes: SandboxService,
    private readonly endedCalls: EndedCalls,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Throws `FUNCTION_NOT_FOUND` or `CODE_UNAVAILABLE`: what is sent to a call that cannot be made need not be read. */
  requireCallable(name: FunctionName): void {
    this.functions.requireCallable(name);
  }

  /** Fills in `phases` as it goes, so that they are known also when it rejects, which it does with `DomainError`s. */
  async invoke(call: Call, phases: CallPhases): Promise<WorkerResult> {
    const lease = this.functions.lease(call.functionName);
    const startedMs = this.clock.monotonicMs();
    try {
      const place = await this.admission.enter(lease.deployed, call.keyId, call.cancellation);
      try {
        phases.queueMs = this.clock.monotonicMs() - startedMs;
        this.functions.admitted(lease);
        const result = await this.run(call, lease.deployed, phases);
        phases.totalMs = this.clock.monotonicMs() - startedMs;
        const outcome = {
          outcome: result.statusCode,
          responseBytes: result.stream?.bytes ?? result.body.length,
        };
        this.record({ call, deployed: lease.deployed, phases, ...outcome });
        return result;
      } finally {
        place.leave();
      }
    } catch (error) {
      phases.totalMs = this.clock.monotonicMs() - startedMs;
      this.record({ call, deployed: lease.deployed, phases, ...outcomeOf(error, phases) });
      throw error;
    } finally {
      lease.release();
    }
  }

  private async run(call: Call, deployed: DeployedFunction, phases: CallPhases): Promise<WorkerResult> {
    const startedMs = this.clock.monotonicMs();
    const acquired = await this.sandboxes.acquire(deployed, call.cancellation);
    const acquiredMs = this.clock.monotonicMs();
    phases.containerMs = acquiredMs - startedMs;
    phases.origin = acquired.origin;
    try {
      const result = await this.exchange(call, deployed, acquired.sandbox);
      call.body.discard();
      phases.handlerMs = this.clock.monotonicMs() - acquiredMs;
      if (isStreamed(result)) {
        const timeoutMs = Math.max(0, timeoutMsOf(deployed) - phases.handlerMs);
        await this.deliver(call, result, { sandbox: acquired.sandbox, phases, timeoutMs });
      }
      return result;
    } finally {
      phases.handlerMs ??= this.clock.monotonicMs() - acquiredMs;
      this.sandboxes.release(acquired);
    }
  }

  /** Passes a streamed body on. A call has one deadline for all of it: the stream has what the handler left. */
  private async deliver(
    call: Call,
    result: StreamedResult,
    { sandbox, phases, timeoutMs }: Delivery,
  ): Promise<void> {
    const startedMs = this.clock.monotonicMs();
    try {
      await sandbox.deliver(result.stream, call.sendStreamed(result), {
        timeoutMs,
        cancellation: call.cancellation,
      });
    } finally {
      phases.streamMs = this.clock.monotonicMs() - startedMs;
      phases.streamedBytes = result.stream.bytes;
    }
  }

  private exchange(call: Call, deployed: DeployedFunction, sandbox: Sandbox): Promise<WorkerResult> {
    const timeoutMs = timeoutMsOf(deployed);
    return sandbox.invoke(
      {
        type: 'invoke',
        invocationId: call.invocationId,
        remainingMs: timeoutMs,
        method: call.method,
        rawPath: call.rawPath,
        rawQueryString: call.rawQueryString,
        headers: call.headers,
        protocol: call.protocol,
        sourceIp: call.sourceIp,
        timeEpoch: this.clock.wallTime().getTime(),
      },
      call.body.content,
      { timeoutMs, cancellation: call.cancellation },
    );
  }

  /** One structured line for each call that reached a function. */
  private record(ended: EndedCall): void {
    const { call, deployed, phases, ...outcome } = ended;
    this.log.info(
      {
        invocationId: call.invocationId,
        traceId: call.traceId,
        function: deployed.name,
        version: deployed.version.number,
        requestBytes: call.body.bytes,
        ...outcome,
        ...phases,
      },
      'invocation',
    );
    this.endedCalls.tell(ended);
  }
}

function timeoutMsOf({ settings }: DeployedFunction): number {
  return settings.timeoutSeconds * 1000;
}

function outcomeOf(error: unknown, { streamedBytes }: CallPhases): Outcome {
  const sent = {
    responseBytes: streamedBytes ?? 0,
    ...(streamedBytes === undefined ? {} : { brokenOff: true }),
  };
  if (!(error instanceof DomainError)) return { outcome: 'INTERNAL', ...sent };
  const isOfFunction = faultOf(error.code) === 'function' && error.cause !== undefined;
  const { code: outcome, message: reason } = error;
  return { outcome, reason, ...sent, ...(isOfFunction ? { failure: error.cause } : {}) };
}
