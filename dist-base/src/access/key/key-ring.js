import { timingSafeEqual } from 'node:crypto';
import { isValid } from './api-key.js';
import { shownKey } from './key-text.js';
/** Another program may make and revoke keys; the server takes notice within this much. */ const recheckMs = 1000;
const dayMs = 86_400_000;
/** All keys in memory, so that a call is checked without the disk: one hash and one comparison. */ export class KeyRing {
    store;
    clock;
    log;
    keys = new Map();
    revision = Number.NaN;
    checkedAtMs = Number.NEGATIVE_INFINITY;
    checking;
    changes = 0;
    everHeld = false;
    constructor(store, clock, log){
        this.store = store;
        this.clock = clock;
        this.log = log;
    }
    /** Rejects as the store does: a server that cannot read its keys must not start. */ static async load(store, clock, log) {
        const ring = new KeyRing(store, clock, log);
        await ring.check();
        return ring;
    }
    /**
   * Whether a key is needed: from the first key on, and for good. Revoked and expired keys count, and a database that
   * vanishes under the running server changes nothing, because neither may ever open the door.
   */ get inForce() {
        return this.everHeld;
    }
    /** The valid key that the header shows. */ verify(authorization) {
        const shown = shownKey(authorization);
        const key = shown && this.keys.get(shown.id);
        if (!key || !timingSafeEqual(shown.secretHash, key.secretHash)) return undefined;
        const now = this.clock.wallTime();
        if (!isValid(key, now)) return undefined;
        this.noteUse(key, now);
        return key;
    }
    /** Takes over a key that this server has made or revoked. */ put(key) {
        this.changes += 1;
        this.everHeld = true;
        this.keys.set(key.id, key);
    }
    /** Undefined when the keys are fresh enough, else a promise to wait for, which never rejects. */ refresh() {
        if (this.clock.monotonicMs() - this.checkedAtMs < recheckMs) return undefined;
        this.checking ??= this.check().catch((err)=>{
            // The keys that were known stay in force; nothing is opened by a store that fails.
            this.log.warn({
                err
            }, 'the keys could not be read again; those already known stay in force');
        }).finally(()=>{
            this.checkedAtMs = this.clock.monotonicMs();
            this.checking = undefined;
        });
        return this.checking;
    }
    async check() {
        const before = this.changes;
        const revision = await this.store.revision();
        if (revision === this.revision) return;
        const keys = await this.store.list();
        // What was changed here meanwhile may be missing from the list; the next check reads it again.
        if (this.changes !== before) return;
        this.keys = new Map(keys.map((key)=>[
                key.id,
                key
            ]));
        this.everHeld ||= keys.length > 0;
        this.revision = revision;
    }
    /** Written down once a day and key; nobody waits for it. */ noteUse(key, now) {
        if (key.lastUsedOn !== null && Date.parse(key.lastUsedOn) + dayMs > now.getTime()) return;
        const lastUsedOn = now.toISOString().slice(0, 'yyyy-mm-dd'.length);
        this.keys.set(key.id, {
            ...key,
            lastUsedOn
        });
        this.store.markUsed(key.id, lastUsedOn).catch((err)=>{
            this.log.warn({
                err,
                key: key.id
            }, 'the use of a key could not be written down');
        });
    }
}

//# sourceMappingURL=key-ring.js.map