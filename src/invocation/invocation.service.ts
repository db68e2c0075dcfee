import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import { Clock, type CancelTimer } from '../common/time/clock.js';
import { FunctionRegistry, type FunctionLease } from '../functions/function-registry.js';
import type { DeployedFunction, FunctionTarget } from '../functions/function.js';
import { isStreamed, type StreamedResult, type WorkerResult } from '../ipc/worker-session.js';
import type { Sandbox } from '../sandbox/sandbox.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { AdmissionService } from './admission/admission.service.js';
import {
  type EndedCall,
  EndedCalls,
  type Invocation,
  type InvocationFailure,
  type InvocationResult,
  type InvocationTimings,
  type Outcome,
} from './invocation.js';
import type { Trigger } from './trigger.js';

/**
 * The use case: admits an invocation, gives it a sandbox, exchanges it with the worker and records it. Knows no
 * trigger.
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

  /**
   * Throws `FUNCTION_NOT_FOUND`, `VERSION_NOT_FOUND` or `CODE_UNAVAILABLE`: the body of a call that cannot
   * run need not be read.
   */
  requireCallable({ name, qualifier }: FunctionTarget): void {
    this.functions.requireCallable(name, qualifier);
  }

  /** Never rejects. The invocation's trace has its timings also after a failure. */
  async invoke(invocation: Invocation): Promise<InvocationResult> {
    const { name, qualifier } = invocation.target;
    let lease: FunctionLease;
    try {
      lease = this.functions.lease(name, qualifier);
    } catch (error) {
      return failureFrom(error);
    }
    try {
      return await this.invokeLeased(invocation, lease);
    } finally {
      lease.release();
    }
  }

  private async invokeLeased(invocation: Invocation, lease: FunctionLease): Promise<InvocationResult> {
    const { trace } = invocation;
    const { deployed } = lease;
    let cancelDeadline: CancelTimer | undefined;
    trace.begins();
    try {
      cancelDeadline = this.keepDeadline(invocation);
      const permit = await this.admission.acquire(deployed, invocation);
      try {
        trace.admitted();
        this.functions.admitted(lease);
        const result = await this.run(invocation, deployed);
        trace.ends();
        this.record({ invocation, deployed, ...successOf(result) });
        return result;
      } finally {
        permit.release();
      }
    } catch (error) {
      trace.ends();
      this.record({ invocation, deployed, ...failureOf(error, trace.timings) });
      return failureFrom(error);
    } finally {
      cancelDeadline?.();
    }
  }

  /** Ends the invocation at the trigger's deadline, whatever step it has reached. */
  private keepDeadline({ deadlineMs, cancellation }: Invocation): CancelTimer | undefined {
    if (deadlineMs === undefined) return undefined;
    const leftMs = deadlineMs - this.clock.monotonicMs();
    if (leftMs <= 0) throw deadlineExceeded();
    return this.clock.schedule(leftMs, () => {
      cancellation.cancel(deadlineExceeded());
    });
  }

  private async run(invocation: Invocation, deployed: DeployedFunction): Promise<WorkerResult> {
    const { trace, payload, priority, cancellation } = invocation;
    const acquired = await (priority === 'background'
      ? this.sandboxes.acquireInBackground(deployed, cancellation)
      : this.sandboxes.acquire(deployed, cancellation));
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
    { trace, payload, presentation, deadlineMs, cancellation }: Invocation,
    deployed: DeployedFunction,
    sandbox: Sandbox,
  ): Promise<WorkerResult> {
    const { invocationId, traceparent } = trace.identity;
    const timeoutMs = timeoutMsOf(deployed);
    const remainingMs = deadlineMs === undefined ? timeoutMs : this.remainingMs(timeoutMs, deadlineMs);
    const timeEpoch = this.clock.wallTime().getTime();
    try {
      return await sandbox.invoke(
        { type: 'invoke', invocationId, remainingMs, traceparent, timeEpoch, presentation },
        payload.content,
        { timeoutMs, cancellation },
      );
    } finally {
      trace.handled();
    }
  }

  private remainingMs(timeoutMs: number, deadlineMs: number): number {
    return Math.min(timeoutMs, Math.max(0, Math.floor(deadlineMs - this.clock.monotonicMs())));
  }

  /** Passes a streamed value on. One deadline covers the whole call: the stream has the time that the handler left. */
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
    const { trace, trigger, payload } = invocation;
    const { invocationId, traceId } = trace.identity;
    this.log.info(
      {
        invocationId,
        traceId,
        trigger: trigger.kind,
        ...eventOf(trigger),
        function: deployed.name,
        version: deployed.version.number,
        requestBytes: payload.bytes,
        outcome: statusCode ?? outcome,
        ...rest,
        ...trace.timings,
      },
      'invocation',
    );
    this.endedCalls.publish(ended);
  }
}

/** Which event a call is an attempt at; nothing of a request's. */
function eventOf(trigger: Trigger): { readonly eventId: string; readonly schedule?: string } | undefined {
  if (trigger.kind === 'http') return undefined;
  const { eventId } = trigger;
  return trigger.kind === 'schedule' ? { eventId, schedule: trigger.schedule } : { eventId };
}

function timeoutMsOf({ settings }: DeployedFunction): number {
  return settings.timeoutSeconds * 1000;
}

function deadlineExceeded(): DomainError {
  return new DomainError(
    'DEADLINE_EXCEEDED',
    'The call did not end before the deadline that it came with; give it more time.',
  );
}

function failureFrom(error: unknown): InvocationFailure {
  const fault = error instanceof DomainError ? faultOf(error.code) : 'platform';
  return { fault, error: error instanceof Error ? error : new Error(String(error)) };
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
