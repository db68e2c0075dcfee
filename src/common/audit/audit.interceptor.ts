import { Injectable, type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import type { Request, Response } from 'express';
import { catchError, concatMap, from, type Observable } from 'rxjs';
import { callerOf } from '../auth/caller.js';
import { DomainError } from '../errors/domain-error.js';
import { Log } from '../log/log.js';
import { Clock } from '../time/clock.js';
import { AuditTrail, type AuditEntry, type AuditOutcome } from './audit-trail.js';
import { auditedActionOf } from './audited-action.js';
import { auditedSubjectOf } from './audited-subject.js';

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
    const request = http.getRequest<Request>();
    const begun = this.entryOf(context, request, http.getResponse<Response>());
    await this.trail.record(begun);
    return next.handle().pipe(
      concatMap(async (answer: unknown) => {
        await this.end({ ...begun, ...subjectOf(request, begun), ...subjectIn(answer) }, 'done');
        return answer;
      }),
      catchError((error: unknown) => from(this.fail({ ...begun, ...subjectOf(request, begun) }, error))),
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
      sha256: null,
      outcome: 'begun',
      requestId: typeof requestId === 'string' ? requestId : null,
      address,
    };
  }

  private async fail(begun: AuditEntry, error: unknown): Promise<never> {
    await this.end(begun, error instanceof DomainError ? error.code : 'INTERNAL');
    throw error;
  }

  private async end(entry: AuditEntry, outcome: AuditOutcome): Promise<void> {
    const ended = { ...entry, at: this.clock.wallTime(), outcome };
    try {
      await this.trail.record(ended);
    } catch (error) {
      this.log.error({ err: error, audit: ended }, 'the outcome of an action could not be recorded');
    }
  }
}

type Subject = Pick<AuditEntry, 'target' | 'sha256'>;

/** What the upload told: the function's name where the path has none, and the hash of what was unpacked. */
function subjectOf(request: Request, begun: AuditEntry): Subject {
  const subject = auditedSubjectOf(request);
  return { target: subject?.target ?? begun.target, sha256: subject?.sha256 ?? null };
}

/** Only the answer of a rollback knows which code it went back to. */
function subjectIn(answer: unknown): Partial<Subject> {
  const sha256 = (answer as { sha256?: unknown } | null | undefined)?.sha256;
  return typeof sha256 === 'string' ? { sha256 } : {};
}

/** The function that the path names, and what of it. A path may be long; what is longer than any name is none. */
function targetOf({ name, key }: Request['params']): string | null {
  if (typeof name !== 'string') return null;
  return typeof key === 'string' ? `${name.slice(0, 64)}/${key.slice(0, 128)}` : name.slice(0, 64);
}
