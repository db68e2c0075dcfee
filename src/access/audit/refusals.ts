import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditEntry } from '../../common/audit/audit-trail.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { accessSettings, type AccessSettings } from '../access.settings.js';
import { RateLimiter } from '../rate/rate-limiter.js';
import { AuditStore } from '../store/audit-store.js';

/** Who was turned away, and why. */
export interface Refusal {
  readonly code: ErrorCode;
  /** Id of the key that was shown; undefined where none was valid. */
  readonly keyId: string | undefined;
  readonly address: string;
}

type Told = Omit<AuditEntry, 'at' | 'action' | 'sha256'>;

/** The actor of the audit trail where no valid key was shown. */
const nobody = 'nobody';

/**
 * Tells log and audit trail of requests that were turned away at the door. Whoever knocks decides how often, so both
 * are told only so often; the next line after a silence says how many went untold. Nothing waits for it.
 */
@Injectable()
export class Refusals {
  private readonly lines: RateLimiter;
  private readonly entries: RateLimiter;
  private untold = 0;

  constructor(
    private readonly store: AuditStore,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(accessSettings.config.KEY) settings: AccessSettings,
  ) {
    const { loggedRefusalsPerMinute, auditedRefusalsPerHour } = settings;
    const ofAll = (burst: number, seconds: number) =>
      new RateLimiter({ burst, perSecond: burst / seconds }, 1, clock);
    this.lines = ofAll(loggedRefusalsPerMinute, 60);
    this.entries = ofAll(auditedRefusalsPerHour, 3600);
  }

  note(request: IncomingMessage, response: ServerResponse, { code, keyId, address }: Refusal): void {
    const told = {
      actor: keyId ?? nobody,
      // Never the path itself: it may hold what was meant for somebody else.
      target: `${request.method ?? ''} ${routeOf(request)}`,
      outcome: code,
      requestId: requestIdIn(response),
      address,
    };
    this.logLine(told);
    if (this.entries.take('').isGranted) void this.record(told);
  }

  private logLine(told: Told): void {
    if (!this.lines.take('').isGranted) {
      this.untold += 1;
      return;
    }
    this.log.warn({ ...told, ...(this.untold > 0 && { untold: this.untold }) }, 'a request was turned away');
    this.untold = 0;
  }

  private async record(told: Told): Promise<void> {
    try {
      await this.store.append({ ...told, at: this.clock.wallTime(), action: 'request.refuse', sha256: null });
    } catch (error) {
      this.log.error({ err: error }, 'a refusal could not be recorded');
    }
  }
}

/** The route's pattern; before there is one, and on the pages that no controller serves, `(none)`. */
function routeOf(request: IncomingMessage): string {
  const { path } = ((request as Request).route ?? {}) as { readonly path?: unknown };
  return typeof path === 'string' ? path : '(none)';
}

function requestIdIn(response: ServerResponse): string | null {
  const id = response.getHeader('X-Request-Id');
  return typeof id === 'string' ? id : null;
}
