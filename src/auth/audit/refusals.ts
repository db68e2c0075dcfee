import { Inject, Injectable } from '@nestjs/common';
import type { Request } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCallPath } from '../../common/auth/call-path.js';
import { identify } from '../../common/auth/request-id.js';
import { UnauditedRefusals } from '../../common/auth/unaudited-refusals.js';
import type { AuditEntry } from '../../common/audit/audit-trail.js';
import type { ErrorCode } from '../../common/errors/error-codes.js';
import { Log } from '../../common/log/log.js';
import { sharesSettings, type SharesSettings } from '../../common/shares/shares.settings.js';
import { Clock } from '../../common/time/clock.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { AuditStore } from '../store/audit-store.js';
import { RefusalBudget } from './refusal-budget.js';

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
 * Tells log and audit trail of requests that were turned away at the door, each within a budget; the next line or entry
 * after a silence says how many of its kind were left out. Nothing waits for it.
 */
@Injectable()
export class Refusals {
  private readonly lines: RefusalBudget;
  private readonly entries: RefusalBudget;

  constructor(
    private readonly store: AuditStore,
    private readonly clock: Clock,
    private readonly log: Log,
    private readonly unaudited: UnauditedRefusals,
    @Inject(authSettings.config.KEY) settings: AuthSettings,
    @Inject(sharesSettings.config.KEY) { keyPercent: sharePercent }: SharesSettings,
  ) {
    const { loggedRefusalsPerMinute, auditedRefusalsPerHour, rateBuckets: maxHolders } = settings;
    const budget = (most: number, seconds: number) =>
      new RefusalBudget({ most, seconds, sharePercent, maxHolders }, clock);
    this.lines = budget(loggedRefusalsPerMinute, 60);
    this.entries = budget(auditedRefusalsPerHour, 3600);
  }

  note(request: IncomingMessage, response: ServerResponse, { code, keyId, address }: Refusal): void {
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
