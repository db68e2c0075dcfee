import { timingSafeEqual } from 'node:crypto';
import type { AuditEntry } from '../../common/audit/audit-trail.js';
import type { Clock } from '../../common/time/clock.js';
import type { AuditLine } from '../audit/stored-audit-trail.js';
import { type ApiKey, isValid } from '../keys/api-key.js';
import type { Origin } from '../keys/key.service.js';
import type { KeyRing } from '../keys/key-ring.js';
import type { SessionStore } from '../store/auth-stores.js';
import { longestSessionMs, type NewSession, newSession, type Session, sessionTokens } from './session.js';

export interface SessionLimits {
  /** One more ends the oldest of its key. */
  readonly perKey: number;
  /** One more ends the oldest of all. */
  readonly total: number;
}

/** A session as it is held in memory. */
interface HeldSession {
  readonly session: Session;
  /** By the monotonic clock: a wall clock that is set back must not lengthen a session. */
  readonly endsAtMs: number;
}

/** All sessions in memory, so that a request is checked without the disk; the store keeps them over a restart. */
export class SessionRing {
  /** Oldest first. */
  private readonly held = new Map<string, HeldSession>();

  constructor(
    private readonly store: SessionStore,
    private readonly keys: KeyRing,
    private readonly clock: Clock,
    private readonly limits: SessionLimits,
    private readonly line: AuditLine,
  ) {}

  /** Call it once the keys are loaded. Rejects as the store does. */
  async load(): Promise<void> {
    for (const session of await this.store.list()) this.hold(session);
  }

  /** The session of this id if it goes on. */
  get(id: string): Session | undefined {
    const held = this.held.get(id);
    return held && this.goesOn(held) ? held.session : undefined;
  }

  /** The session that a cookie shows; undefined if there is none of this secret, or it has ended. */
  verify(text: string): Session | undefined {
    const shown = sessionTokens.read(text);
    const session = shown && this.get(shown.id);
    return session && timingSafeEqual(shown.secretHash, session.secretHash) ? session : undefined;
  }

  /**
   * A new session of this key, in place of `former` if the browser had one. It is on the disk, with its audit entry, when
   * this resolves. Rejects as the store does; then nothing has changed.
   */
  async start(key: ApiKey, by: Origin, former: Session | undefined): Promise<NewSession> {
    const now = this.clock.wallTime();
    const begun = newSession(key, now);
    const ending = this.displacedBy(key.id, former);
    // At once, so that many who sign in at the same time displace different ones.
    for (const { session } of ending) this.held.delete(session.id);
    this.hold(begun.session);
    const entries = [
      entry('session.create', begun.session.id, by, now),
      ...ending.map(({ session }) => entry('session.end', session.id, by, now)),
    ];
    try {
      const ids = ending.map(({ session }) => session.id);
      await this.store.insert(begun.session, ids, entries);
    } catch (error) {
      this.held.delete(begun.session.id);
      for (const one of ending) this.held.set(one.session.id, one);
      throw error;
    }
    entries.forEach(this.line);
    return begun;
  }

  /** The session ends at once, and stays ended. Rejects as the store does; then it goes on. */
  async end({ id }: Session, by: Origin): Promise<void> {
    const ended = entry('session.end', id, by, this.clock.wallTime());
    const isEnded = await this.store.delete(id, ended);
    this.held.delete(id);
    if (isEnded) this.line(ended);
  }

  private hold(session: Session): void {
    const leftMs = session.expiresAt.getTime() - this.clock.wallTime().getTime();
    const endsAtMs = this.clock.monotonicMs() + Math.min(leftMs, longestSessionMs);
    this.held.set(session.id, { session, endsAtMs });
  }

  private goesOn({ session, endsAtMs }: HeldSession): boolean {
    const now = this.clock.wallTime();
    if (this.clock.monotonicMs() >= endsAtMs || now >= session.expiresAt) return false;
    const held = this.keys.get(session.keyId);
    return held !== undefined && isValid(held.key, now);
  }

  /** What one more session of this key ends: what it replaces, and the oldest where there are too many. */
  private displacedBy(keyId: string, former: Session | undefined): HeldSession[] {
    for (const [id, one] of this.held) if (!this.goesOn(one)) this.held.delete(id);
    const others = [...this.held.values()].filter(({ session }) => session.id !== former?.id);
    const ofKey = others.filter(({ session }) => session.keyId === keyId);
    const displaced = new Set(ofKey.slice(0, Math.max(0, ofKey.length + 1 - this.limits.perKey)));
    const left = others.filter((one) => !displaced.has(one));
    for (const one of left.slice(0, Math.max(0, left.length + 1 - this.limits.total))) displaced.add(one);
    const replaced = former && this.held.get(former.id);
    return replaced ? [replaced, ...displaced] : [...displaced];
  }
}

function entry(action: AuditEntry['action'], target: string, by: Origin, at: Date): AuditEntry {
  return { at, action, target, sha256: null, outcome: 'done', ...by };
}
