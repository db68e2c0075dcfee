import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { callerOf, shareHolderOf } from '../../common/auth/caller.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { EventService } from '../../events/event.service.js';
import { parseFunctionName } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import type { Payload } from '../../invocation/invocation.js';
import { type RunningCall, RunningCalls } from '../../invocation/running-calls.js';
import { CallAccess } from './call-access.js';
import type { CallTarget } from './call-target.js';
import { presentationOf } from './presentation.js';
import { fingerprintOf, idempotencyKeyOf, orderingKeyOf, senderOf } from './request-keys.js';
import { RequestBodies, traceContextOf } from './request.js';

/** Makes an event of a request that nobody waits for, and answers once it is on the disk. */
@Injectable()
export class HttpEvents {
  constructor(
    private readonly events: EventService,
    private readonly functions: FunctionRegistry,
    private readonly runningCalls: RunningCalls,
    private readonly bodies: RequestBodies,
    private readonly access: CallAccess,
  ) {}

  /** Rejects with the error that answers the request; then there is no event. */
  async respond(target: CallTarget, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const caller = callerOf(request);
    const { forwarded } = caller;
    const holder = shareHolderOf(caller);
    let call: RunningCall | undefined;
    let payload: Payload | undefined;
    const onClose = () => {
      if (!response.writableFinished)
        call?.cancellation.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    };
    try {
      call = this.runningCalls.begin(holder);
      response.once('close', onClose);
      const functionName = parseFunctionName(target.functionName);
      this.functions.get(functionName);
      const key = idempotencyKeyOf(request);
      const orderingKey = orderingKeyOf(request);
      payload = await this.bodies.receive(request, holder, call.cancellation, this.events.requestBytes);
      const entering = this.access.admitAgain(request, response, target.functionName);
      if (entering) await entering;
      const body = payload.content;
      const trace = traceContextOf(request.headers, randomUUID());
      const presentation = presentationOf(request, target, functionName, trace);
      const contentType = request.headers['content-type'];
      const { id, isRepeated } = await this.events.submit({
        functionName,
        request: { presentation, body, traceparent: trace.traceparent },
        source: { kind: 'http' },
        keyId: holder,
        orderingKey,
        idempotency:
          key === undefined
            ? undefined
            : {
                sender: senderOf(request),
                key,
                fingerprint: fingerprintOf({ ...presentation, contentType, body }),
              },
      });
      const place = target.isOwnHost ? undefined : `${forwarded?.prefix ?? ''}/events/${id}`;
      sendAccepted(response, { id, place, isRepeated, traceparent: trace.traceparent });
    } finally {
      response.off('close', onClose);
      payload?.discard();
      call?.end();
    }
  }
}

interface AcceptedEvent {
  readonly id: string;
  /** The path of the route that shows it; undefined at a host of the function's own, which has no such route. */
  readonly place: string | undefined;
  readonly isRepeated: boolean;
  readonly traceparent: string;
}

function sendAccepted(response: ServerResponse, { id, place, isRepeated, traceparent }: AcceptedEvent): void {
  const body = JSON.stringify({ id, state: 'queued' });
  response.writeHead(202, {
    'Content-Type': 'application/json; charset=utf-8',
    'Content-Length': Buffer.byteLength(body),
    'Preference-Applied': 'respond-async',
    ...(place !== undefined && { Location: place }),
    ...(isRepeated && { 'Idempotent-Replayed': 'true' }),
    'Cache-Control': 'no-store',
    traceparent,
    'X-Content-Type-Options': 'nosniff',
  });
  response.end(body);
}
