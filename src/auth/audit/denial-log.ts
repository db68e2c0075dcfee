import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AuditEntry } from '../../common/audit/audit-trail.js';
import { isCallPath } from '../../common/auth/route-access.js';
import { identify } from '../../common/auth/request-id.js';
import { type DeniedKind, UnauditedDenials } from '../../common/auth/denial-tallies.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import { shareOf, sharesSettings, type SharesSettings } from '../../common/shares/shares.settings.js';
import { Clock } from '../../common/time/clock.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { RateLimiter } from '../rate-limits/rate-limiter.js';
import { AuditStore } from '../store/auth-stores.js';

interface DenialLimits {
  /** Refusals that are told within the time, of each kind. */
  readonly most: number;
  readonly seconds: number;
  /** Part of them that one key or one address may have. */
  readonly sharePercent: number;
  /** Keys and addresses that are remembered. */
  readonly maxHolders: number;
}

/**
 * How often refusals are told. Whoever knocks decides how often, so strangers have a budget of their own: however many
 * they are, they hide no refusal of a key, and one key or address leaves room to the others of its kind.
 */
class DenialBudget {
  private readonly ofAll: RateLimiter;
  private readonly ofEach: RateLimiter;
  private readonly leftOut = { key: 0, stranger: 0 };

  constructor({ most, seconds, sharePercent, maxHolders }: DenialLimits, clock: Clock) {
    const limiter = (burst: number, buckets: number) =>
      new RateLimiter({ burst, perSecond: burst / seconds }, buckets, clock);
    this.ofAll = limiter(most, 2);
    this.ofEach = limiter(shareOf(most, sharePercent), maxHolders);
  }

  /** How many of the kind were left out since the last that was told; undefined where this one is left out, too. */
  take(kind: DeniedKind, holder: string): number | undefined {
    const isTold = this.ofEach.take(`${kind} ${holder}`).isGranted && this.ofAll.take(kind).isGranted;
    if (!isTold) {
      this.leftOut[kind] += 1;
      return undefined;
    }
    const leftOut = this.leftOut[kind];
    this.leftOut[kind] = 0;
    return leftOut;
  }
}

/** Who was turned away, and why. */
export interface Denial {
  readonly code: ErrorCode;
  /** Id of the key that was shown; undefined where none was valid. */
  readonly keyId: string | undefined;
  readonly address: string;
}

type Told = Omit<AuditEntry, 'at' | 'action' | 'sha256'>;

/** The actor of the audit trail where no valid key was shown. */
const nobody = 'nobody';

/**
 * Tells log and audit trail of requests that were turned away at the door, each within a budget; the next line or entry
 * after a silence says how many of its kind were left out. Nothing waits for it.
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
    @Inject(sharesSettings.config.KEY) { keyPercent: sharePercent }: SharesSettings,
  ) {
    const { loggedRefusalsPerMinute, auditedRefusalsPerHour, rateBuckets: maxHolders } = settings;
    const budget = (most: number, seconds: number) =>
      new DenialBudget({ most, seconds, sharePercent, maxHolders }, clock);
    this.lines = budget(loggedRefusalsPerMinute, 60);
    this.entries = budget(auditedRefusalsPerHour, 3600);
  }

  note(request: IncomingMessage, response: ServerResponse, { code, keyId, address }: Denial): void {
    const kind = keyId === undefined ? 'stranger' : 'key';
    const holder = keyId ?? address;
    const told = {
      actor: keyId ?? nobody,
      // Never the path itself: it may hold what was meant for somebody else.
      target: `${request.method ?? ''} ${routeOf(request)}`,
      outcome: code,
      requestId: identify(request, response),
      address,
    };
    const untold = this.lines.take(kind, holder);
    if (untold !== undefined) {
      this.log.warn({ ...told, ...(untold > 0 && { untold }) }, 'a request was turned away');
    }
    const leftOut = this.entries.take(kind, holder);
    if (leftOut === undefined) {
      this.unaudited.add(kind);
      return;
    }
    if (leftOut > 0)
      this.log.warn({ of: kind, leftOut }, 'the audit log leaves out refusals before the next one');
    void this.record(told);
  }

  private async record(told: Told): Promise<void> {
    try {
      await this.store.append({ ...told, at: this.clock.wallTime(), action: 'request.refuse', sha256: null });
    } catch (error) {
      this.log.error({ err: error }, 'a refusal could not be recorded');
    }
  }
}

/** The route's pattern; `(none)` before there is one, and on the pages that no controller serves. */
function routeOf(request: IncomingMessage): string {
  const { path } = ((request as Request).route ?? {}) as { readonly path?: unknown };
  if (typeof path === 'string') return path;
  // A call goes past the router.
  return isCallPath(request.url ?? '') ? '/invoke/:name' : '(none)';
}
