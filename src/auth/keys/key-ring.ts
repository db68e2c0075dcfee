import { timingSafeEqual } from 'node:crypto';
import type { Principal } from '../../common/auth/caller.js';
import type { Log } from '../../common/log/log.js';
import type { Clock } from '../../common/time/clock.js';
import type { KeyStore } from '../store/auth-stores.js';
import { type ApiKey, type HeldKey, holdKey, isValid, keyTokens } from './api-key.js';

/** Another program may create and revoke keys; the server notices within this time. */
const recheckMs = 1000;

const dayMs = 86_400_000;

/** All keys in memory, so that a call is checked without the disk: one hash and one comparison. */
export class KeyRing {
  private keys = new Map<string, HeldKey>();
  private revision = Number.NaN;
  private checkedAtMs = Number.NEGATIVE_INFINITY;
  private checking: Promise<void> | undefined;
  private changes = 0;
  private everHeld = false;
  private isLoaded = false;

  constructor(
    private readonly store: KeyStore,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Rejects as the store does: a server that cannot read its keys must not start. */
  async load(): Promise<void> {
    await this.check();
    this.isLoaded = true;
  }

  /**
   * Whether a key is needed: from the first key on, and for good. Revoked and expired keys count, and so do keys whose
   * database has vanished under the running server: neither may ever open it. Until the keys are loaded, one is needed.
   */
  get inForce(): boolean {
    return this.everHeld || !this.isLoaded;
  }

  /** Undefined if the text is not a valid key. */
  verify(text: string): Principal | undefined {
    const shown = keyTokens.read(text);
    const held = shown && this.keys.get(shown.id);
    if (!held || !timingSafeEqual(shown.secretHash, held.key.secretHash)) return undefined;
    return this.principalOf(shown.id);
  }

  /** Whoever has the key of this id; undefined if it is not valid. Counts as a use of the key. */
  principalOf(id: string): Principal | undefined {
    const held = this.keys.get(id);
    const now = this.clock.wallTime();
    if (!held || !isValid(held.key, now)) return undefined;
    this.noteUse(held, now);
    return held.principal;
  }

  /** Adds or replaces a key that this server has created or revoked. */
  put(key: ApiKey): void {
    this.changes += 1;
    this.everHeld = true;
    this.keys.set(key.id, holdKey(key));
  }

  /** The key of this id, good or not. */
  get(id: string): HeldKey | undefined {
    return this.keys.get(id);
  }

  /** Undefined when the keys are fresh enough, else a promise to wait for, which never rejects. */
  refresh(freshMs = recheckMs): Promise<void> | undefined {
    if (this.clock.monotonicMs() - this.checkedAtMs < freshMs) return undefined;
    this.checking ??= this.check()
      .catch((err: unknown) => {
        // The keys that were known stay in force; nothing is opened by a store that fails.
        this.log.warn({ err }, 'the keys could not be read again; those already known stay valid');
      })
      .finally(() => {
        this.checkedAtMs = this.clock.monotonicMs();
        this.checking = undefined;
      });
    return this.checking;
  }

  private async check(): Promise<void> {
    const before = this.changes;
    const revision = await this.store.revision();
    if (revision === this.revision) return;
    const keys = await this.store.list();
    // What was changed here meanwhile may be missing from the list; the next check reads it again.
    if (this.changes !== before) return;
    this.keys = new Map(keys.map((key) => [key.id, holdKey(key)]));
    this.everHeld ||= keys.length > 0;
    this.revision = revision;
  }

  /** Written down once a day and key; nobody waits for it. */
  private noteUse({ key, principal }: HeldKey, now: Date): void {
    if (key.lastUsedOn !== null && Date.parse(key.lastUsedOn) + dayMs > now.getTime()) return;
    const lastUsedOn = now.toISOString().slice(0, 'yyyy-mm-dd'.length);
    this.keys.set(key.id, { key: { ...key, lastUsedOn }, principal });
    this.store.markUsed(key.id, lastUsedOn).catch((err: unknown) => {
      this.log.warn({ err, key: key.id }, 'the use of a key could not be recorded');
    });
  }
}
