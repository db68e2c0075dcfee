import {
  applyDecorators,
  type CallHandler,
  type ExecutionContext,
  Injectable,
  type NestInterceptor,
  UseInterceptors,
} from '@nestjs/common';
import type { Request, Response } from 'express';
import { catchError, concatMap, from, type Observable } from 'rxjs';
import { callerOf } from '../auth/caller.js';
import { DomainError } from '../errors/domain-error.js';
import { Log } from '../log/log.js';
import { Clock } from '../time/clock.js';
import { type AuditAction, type AuditEntry, type AuditOutcome, AuditTrail } from './audit-trail.js';

const actionKey = 'glambdar:audited';

/**
 * Records requests to the route in the audit log. Put it next to the method, below other interceptors: decorators apply
 * from the method upwards, and what the others refuse must be recorded, too.
 */
export function Audited(action: AuditAction): MethodDecorator {
  const mark: MethodDecorator = (_target, _key, descriptor) => {
    Reflect.defineMetadata(actionKey, action, descriptor.value as object);
  };
  return applyDecorators(mark, UseInterceptors(AuditInterceptor));
}

/** The action of a route that is marked with `@Audited`. */
export function auditedActionOf(handler: object): AuditAction {
  return Reflect.getMetadata(actionKey, handler) as AuditAction;
}

/** What becomes known only while an audited action runs. */
interface AuditedSubject {
  readonly target: string;
  /** Of the archive, once it is unpacked. */
  readonly sha256: string | undefined;
}

const subjects = new WeakMap<object, () => AuditedSubject>();

/** `subject` is called when the action of this request has ended, however it ended. */
export function setAuditedSubject(request: object, subject: () => AuditedSubject): void {
  subjects.set(request, subject);
}

function auditedSubjectOf(request: object): AuditedSubject | undefined {
  return subjects.get(request)?.();
}

/**
 * Records an action twice: before it starts, so that nothing ever changes without a trace, even if the server dies in the
 * middle or its disk fills up; and with its outcome, before it is answered. An action that cannot be recorded does not
 * start. One that is done is answered as done, even if its outcome could not be recorded.
 */
@Injectable()
class AuditInterceptor implements NestInterceptor {
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

/** What the upload contained: the function's name if the path has none, and the hash of the archive. */
function subjectOf(request: Request, begun: AuditEntry): Subject {
  const subject = auditedSubjectOf(request);
  return { target: subject?.target ?? begun.target, sha256: subject?.sha256 ?? null };
}

/** Only the answer of a rollback says to which code. */
function subjectIn(answer: unknown): Partial<Subject> {
  const sha256 = (answer as { sha256?: unknown } | null | undefined)?.sha256;
  return typeof sha256 === 'string' ? { sha256 } : {};
}

/** The function in the path, and the secret or schedule if there is one, or else an id; cut to the length of the longest name. */
function targetOf({ name, key, schedule, id }: Request['params']): string | null {
  if (typeof id === 'string') return id.slice(0, 64);
  if (typeof name !== 'string') return null;
  const member = key ?? schedule;
  return typeof member === 'string' ? `${name.slice(0, 64)}/${member.slice(0, 128)}` : name.slice(0, 64);
}
