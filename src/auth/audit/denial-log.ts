import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditEntry } from '../../common/audit/audit-trail.js';
import { isCallPath } from '../../common/auth/route-access.js';
import { identify } from '../../common/auth/request-id.js';
import { type DeniedKind, UnauditedDenials } from '../../common/counters.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import {
  shareOf,
  fairShareSettings,
  type FairShareSettings,
} from '../../common/budgets/fair-share.settings.js';
import { Clock } from '../../common/time/clock.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { RateLimiter } from '../rate-limits/rate-limiter.js';
import { AuditStore } from '../store/auth-stores.js';

/** Who was denied, and why. */
export interface Denial {
  readonly code: ErrorCode;
  /** Undefined if no valid key was sent. */
  readonly keyId: string | undefined;
  readonly address: string;
}

/** The actor in the audit log if no valid key was sent. */
const nobody = 'nobody';

/**
 * Writes denied requests to the server's log and the audit log, each within a budget; the first line or entry after some
 * were suppressed says how many. No request waits for it.
 */
@Injectable()
export class DenialLog {
  private readonly lines: DenialBudget;
  private readonly entries: DenialBudget;

  constructor(
    private readonly store: AuditStore,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly unaudited: UnauditedDenials,
    @Inject(authSettings.config.KEY) settings: AuthSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent: sharePercent }: FairShareSettings,
  ) {
    const { loggedDenialsPerMinute, auditedDenialsPerHour, rateBuckets: maxHolders } = settings;
    const budget = (most: number, seconds: number) =>
      new DenialBudget({ most, seconds, sharePercent, maxHolders }, clock);
    this.lines = budget(loggedDenialsPerMinute, 60);
    this.entries = budget(auditedDenialsPerHour, 3600);
  }

  note(request: IncomingMessage, response: ServerResponse, { code, keyId, address }: Denial): void {
    const kind = keyId === undefined ? 'stranger' : 'key';
    const holder = keyId ?? address;
    const line: DenialLine = {
      actor: keyId ?? nobody,
      // Never the path itself: it may contain a secret that was meant for another server.
      target: `${request.method ?? ''} ${routeOf(request)}`,
      outcome: code,
      requestId: identify(request, response),
      address,
    };
    const inLog = this.lines.take(kind, holder);
    if (inLog.isGranted) this.log.warn({ ...line, ...suppressed(inLog) }, 'a request was denied');
    const inAudit = this.entries.take(kind, holder);
    if (!inAudit.isGranted) {
      this.unaudited.add(kind);
      return;
    }
    if (inAudit.suppressed > 0) {
      const message = 'the audit log omits some denials before the next one';
      this.log.warn({ of: kind, ...suppressed(inAudit) }, message);
    }
    void this.record(line);
  }

  private async record(line: DenialLine): Promise<void> {
    try {
      await this.store.append({ ...line, at: this.clock.wallTime(), action: 'request.refuse', sha256: null });
    } catch (error) {
      this.log.error({ err: error }, 'a denial could not be recorded');
    }
  }
}

type DenialLine = Omit<AuditEntry, 'at' | 'action' | 'sha256'>;

/** The route's pattern; `(none)` before there is one, and on the pages that no controller serves. */
function routeOf(request: IncomingMessage): string {
  const { path } = ((request as Request).route ?? {}) as { readonly path?: unknown };
  if (typeof path === 'string') return path;
  // Calls bypass the router.
  return isCallPath(request.url ?? '') ? '/invoke/:name' : '(none)';
}

interface DenialLimits {
  /** Denials of each kind that are logged within the time. */
  readonly most: number;
  readonly seconds: number;
  /** Share of them that one key or one address may take. */
  readonly sharePercent: number;
  /** Keys and addresses that are remembered. */
  readonly maxHolders: number;
}

interface Taken {
  readonly isGranted: boolean;
  /** Denials of this kind since the last one that was logged. */
  readonly suppressed: number;
}

/**
 * How many denials are logged. Strangers decide how many there are, so they have a budget of their own: they cannot hide
 * denials of keys, and one key or address leaves room for the others of its kind.
 */
class DenialBudget {
  private readonly ofAll: RateLimiter;
  private readonly ofEach: RateLimiter;
  private readonly suppressed = { key: 0, stranger: 0 };

  constructor({ most, seconds, sharePercent, maxHolders }: DenialLimits, clock: Clock) {
    const limiter = (burst: number, buckets: number) =>
      new RateLimiter({ burst, perSecond: burst / seconds }, buckets, clock);
    this.ofAll = limiter(most, 2);
    this.ofEach = limiter(shareOf(most, sharePercent), maxHolders);
  }

  take(kind: DeniedKind, holder: string): Taken {
    const isGranted = this.ofEach.take(`${kind} ${holder}`).isGranted && this.ofAll.take(kind).isGranted;
    const suppressed = this.suppressed[kind];
    this.suppressed[kind] = isGranted ? 0 : suppressed + 1;
    return { isGranted, suppressed };
  }
}

/** Only if there were any. */
function suppressed({ suppressed }: Taken): Partial<Taken> {
  return suppressed > 0 ? { suppressed } : {};
}
