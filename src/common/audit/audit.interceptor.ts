import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { catchError, concatMap, from, type Observable } from 'rxjs';
import { callerOf } from '../access/caller.js';
import { DomainError } from '../errors/domain-error.js';
import { Log } from '../log/log.js';
import { Clock } from '../time/clock.js';
import { AuditTrail, type AuditEntry, type AuditOutcome } from './audit-trail.js';
import { auditedActionOf } from './audited-action.js';

/**
 * Records an action twice: before it begins, so that nothing ever changes without a trace, not even when the server
 * dies in the middle or its disk fills up; and with its outcome before it is answered. An action that cannot be
 * recorded does not begin. One that has been done is answered as done, also when its outcome could not be recorded.
 */
@Injectable()
export class AuditInterceptor implements NestInterceptor {
  constructor(
    private readonly trail: AuditTrail,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  async intercept(context: ExecutionContext, next: CallHandler): Promise<Observable<unknown>> {
    const http = context.switchToHttp();
    const begun = this.entryOf(context, http.getRequest<Request>(), http.getResponse<Response>());
    await this.trail.record(begun);
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        await this.end(begun, 'done', targetIn(answer));
        return answer;
      }),
      catchError((error: unknown) => from(this.fail(begun, error))),
    );
  }

  private entryOf(context: ExecutionContext, request: Request, response: Response): AuditEntry {
    const { keyId, address } = callerOf(request);
    const requestId = response.getHeader('X-Request-Id');
    return {
      at: this.clock.wallTime(),
      actor: keyId ?? 'local',
      action: auditedActionOf(context.getHandler()),
      target: targetOf(request.params),
      outcome: 'begun',
      requestId: typeof requestId === 'string' ? requestId : null,
      address,
    };
  }

  private async fail(begun: AuditEntry, error: unknown): Promise<never> {
    await this.end(begun, error instanceof DomainError ? error.code : 'INTERNAL', null);
    throw error;
  }

  private async end(begun: AuditEntry, outcome: AuditOutcome, target: string | null): Promise<void> {
    const ended = { ...begun, at: this.clock.wallTime(), target: target ?? begun.target, outcome };
    try {
      await this.trail.record(ended);
    } catch (error) {
      this.log.error({ err: error, audit: ended }, 'the outcome of an action could not be recorded');
    }
  }
}

/** What is deployed gets its name from the upload, so only the answer knows it. */
function targetIn(answer: unknown): string | null {
  const name = (answer as { function?: unknown } | null | undefined)?.function;
  return typeof name === 'string' ? name : null;
}

/** The function that the path names, and what of it. A path may be long; what is longer than any name is none. */
function targetOf({ name, key }: Request['params']): string | null {
  if (typeof name !== 'string') return null;
  return typeof key === 'string' ? `${name.slice(0, 64)}/${key.slice(0, 128)}` : name.slice(0, 64);
}
