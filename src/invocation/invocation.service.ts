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
import { EndedCalls, type EndedCall, type Outcome } from './ended-calls.js';
import type { InvocationTimings } from './invocation-trace.js';
import type { Invocation } from './invocation.js';

/**
 * The use case: an invocation is admitted, given a sandbox, exchanged with its worker, and recorded. What triggered it is
 * nobody's business here.
 */
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

  /** Rejects with `DomainError`s. The invocation's trace says also then where its time went. */
  async invoke(invocation: Invocation): Promise<WorkerResult> {
    const { trace } = invocation;
    const lease = this.functions.lease(invocation.functionName);
    const { deployed } = lease;
    trace.begins();
    try {
      const place = await this.admission.enter(deployed, invocation.keyId, invocation.cancellation);
      try {
        trace.admitted();
        this.functions.admitted(lease);
        const result = await this.run(invocation, deployed);
        trace.ends();
        this.record({ invocation, deployed, ...successOf(result) });
        return result;
      } finally {
        place.leave();
      }
    } catch (error) {
      trace.ends();
      this.record({ invocation, deployed, ...failureOf(error, trace.timings) });
      throw error;
    } finally {
      lease.release();
    }
  }

  private async run(invocation: Invocation, deployed: DeployedFunction): Promise<WorkerResult> {
    const { trace, payload, cancellation } = invocation;
    const acquired = await this.sandboxes.acquire(deployed, cancellation);
    trace.provided(acquired.origin);
    try {
      const result = await this.exchange(invocation, deployed, acquired.sandbox);
      payload.discard();
      if (isStreamed(result)) await this.deliver(invocation, deployed, result, acquired.sandbox);
      return result;
    } finally {
      this.sandboxes.release(acquired);
    }
  }

  private async exchange(
    { trace, payload, presentation, cancellation }: Invocation,
    deployed: DeployedFunction,
    sandbox: Sandbox,
  ): Promise<WorkerResult> {
    const { invocationId, traceparent } = trace.identity;
    const timeoutMs = timeoutMsOf(deployed);
    const timeEpoch = this.clock.wallTime().getTime();
    try {
      return await sandbox.invoke(
        { type: 'invoke', invocationId, remainingMs: timeoutMs, traceparent, timeEpoch, presentation },
        payload.content,
        { timeoutMs, cancellation },
      );
    } finally {
      trace.handled();
    }
  }

  /** Passes a streamed body on. A call has one deadline for all of it: the stream has what the handler left. */
  private async deliver(
    { trace, cancellation, sendStreamed }: Invocation,
    deployed: DeployedFunction,
    result: StreamedResult,
    sandbox: Sandbox,
  ): Promise<void> {
    const timeoutMs = Math.max(0, timeoutMsOf(deployed) - (trace.timings.handlerMs ?? 0));
    try {
      await sandbox.deliver(result.stream, sendStreamed(result), { timeoutMs, cancellation });
    } finally {
      trace.streamed(result.stream.bytes);
    }
  }

  /** One structured line for each call that reached a function. */
  private record(ended: EndedCall): void {
    const { invocation, deployed, outcome, statusCode, ...rest } = ended;
    const { trace, payload } = invocation;
    const { invocationId, traceId } = trace.identity;
    this.log.info(
      {
        invocationId,
        traceId,
        function: deployed.name,
        version: deployed.version.number,
        requestBytes: payload.bytes,
        outcome: statusCode ?? outcome,
        ...rest,
        ...trace.timings,
      },
      'invocation',
    );
    this.endedCalls.tell(ended);
  }
}

function timeoutMsOf({ settings }: DeployedFunction): number {
  return settings.timeoutSeconds * 1000;
}

function successOf({ head, stream, body }: WorkerResult): Outcome {
  const responseBytes = stream?.bytes ?? body.length;
  return { outcome: 'success', ...(head && { statusCode: head.statusCode }), responseBytes };
}

function failureOf(error: unknown, { streamedBytes }: InvocationTimings): Outcome {
  const sent = {
    responseBytes: streamedBytes ?? 0,
    ...(streamedBytes === undefined ? {} : { brokenOff: true }),
  };
  if (!(error instanceof DomainError)) return { outcome: 'INTERNAL', ...sent };
  const isOfFunction = faultOf(error.code) === 'function' && error.cause !== undefined;
  const { code: outcome, message: reason } = error;
  return { outcome, reason, ...sent, ...(isOfFunction ? { failure: error.cause } : {}) };
}
