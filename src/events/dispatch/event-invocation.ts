import { finished } from 'node:stream/promises';
import type { Cancellation } from '../../common/time/cancellation.js';
import type { Clock } from '../../common/time/clock.js';
import { type Invocation, InvocationTrace, Payload } from '../../invocation/invocation.js';
import type { Trigger } from '../../invocation/trigger.js';
import type { HttpPresentation } from '../../ipc/protocol/messages.js';
import type { StreamedResult } from '../../ipc/worker-session.js';
import type { EventSource } from '../event.js';
import type { ClaimedEvent } from '../store/event-store.js';
import type { KeptBody } from './attempt-end.js';

/** Collects a streamed answer, as far as it is kept. */
export class CollectedStream {
  private readonly chunks: Uint8Array[] = [];
  private bytes = 0;

  constructor(private readonly limitBytes: number) {}

  get collected(): KeptBody {
    return keptBody(this.bytes > this.limitBytes ? undefined : Buffer.concat(this.chunks), this.bytes);
  }

  /** Resolves at the end of the stream; rejects where it breaks off. */
  async receive({ stream }: StreamedResult): Promise<void> {
    stream.on('data', (chunk: Uint8Array) => {
      this.bytes += chunk.length;
      if (this.bytes <= this.limitBytes) this.chunks.push(chunk);
      else this.chunks.length = 0;
    });
    await finished(stream);
  }
}

export function keptBody(body: Uint8Array | undefined, bodyBytes: number): KeptBody {
  return { body: body ?? null, bodyBytes };
}

interface InvocationContext {
  readonly clock: Clock;
  readonly cancellation: Cancellation;
  readonly stream: CollectedStream;
}

/** The attempt that a claim has begun, as an invocation like any other. */
export function invocationOf(
  event: ClaimedEvent,
  invocationId: string,
  { clock, cancellation, stream }: InvocationContext,
): Invocation {
  const { traceId, traceparent } = attemptTrace(event.request.traceparent, invocationId);
  const { buffer, byteOffset, byteLength } = event.request.body;
  return {
    trace: new InvocationTrace({ invocationId, traceId, traceparent }, clock),
    target: { name: event.functionName, qualifier: 'latest' },
    trigger: triggerOf(event),
    keyId: event.keyId ?? undefined,
    payload: new Payload(Buffer.from(buffer, byteOffset, byteLength), () => undefined),
    presentation: presentationOf(event, traceparent),
    priority: 'background',
    deadlineMs: undefined,
    cancellation,
    sendStreamed: (streamed) => stream.receive(streamed),
  };
}

function triggerOf({ id, source }: ClaimedEvent): Trigger {
  if (source.kind !== 'schedule') return { kind: 'event', eventId: id };
  return { kind: 'schedule', eventId: id, schedule: source.schedule };
}

/** What the handler sees of the event itself; clients cannot forge it, because what they send under these names is dropped. */
function presentationOf(event: ClaimedEvent, traceparent: string): HttpPresentation {
  const { presentation } = event.request;
  const headers = {
    ...presentation.headers,
    traceparent,
    'x-glambdar-event-id': event.id,
    'x-glambdar-attempt': String(event.attemptCount),
    ...scheduleHeaders(event.source),
  };
  return { ...presentation, headers };
}

function scheduleHeaders(source: EventSource): Record<string, string> {
  if (source.kind !== 'schedule') return {};
  return {
    'x-glambdar-schedule': source.schedule,
    'x-glambdar-scheduled-time': new Date(source.dueMs).toISOString(),
  };
}

/**
 * Each attempt is a span of its own in the trace of whoever sent the event, or in one that begins with it; the ids are the
 * invocation's own, as those of a call are.
 */
function attemptTrace(
  sent: string | null,
  invocationId: string,
): { readonly traceId: string; readonly traceparent: string } {
  const spanId = invocationId.slice(19, 23) + invocationId.slice(24);
  const [, traceId = invocationId.replaceAll('-', ''), , flags = '00'] = sent?.split('-') ?? [];
  return { traceId, traceparent: `00-${traceId}-${spanId}-${flags}` };
}
