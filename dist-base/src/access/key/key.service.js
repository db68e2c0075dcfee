import { DomainError } from '../../common/errors/domain-error.js';
import { mintKey } from './key-text.js';
/** Makes, lists and revokes keys; each change and its audit entry are one transaction. */ export class KeyService {
    store;
    clock;
    maxKeys;
    line;
    onChange;
    /** `onChange` hears of each key that was made or revoked here. */ constructor(store, clock, maxKeys, line, onChange = ()=>undefined){
        this.store = store;
        this.clock = clock;
        this.maxKeys = maxKeys;
        this.line = line;
        this.onChange = onChange;
    }
    /** Rejects with `INSUFFICIENT_STORAGE` when there are as many keys as there may be, or as the store does. */ async create({ name, scopes, expiresAt }, by) {
        await this.requireRoom();
        const { id, text, secretHash } = mintKey();
        const createdAt = this.clock.wallTime();
        const key = {
            id,
            name,
            scopes,
            secretHash,
            createdAt,
            expiresAt,
            revokedAt: null,
            lastUsedOn: null
        };
        const entry = this.entry('key.create', id, by);
        await this.store.insert(key, entry);
        this.changed(key, entry);
        return {
            key,
            text
        };
    }
    /** In the order in which they were made, revoked ones included. */ list() {
        return this.store.list();
    }
    /** In force at once. Rejects with `KEY_NOT_FOUND` where there is none that could be revoked. */ async revoke(id, by) {
        const entry = this.entry('key.revoke', id, by);
        const revoked = await this.store.revoke(id, entry);
        if (!revoked) {
            throw new DomainError('KEY_NOT_FOUND', 'There is no such key, or it has been revoked already.');
        }
        this.changed(revoked, entry);
    }
    changed(key, entry) {
        this.onChange(key);
        this.line(entry);
    }
    entry(action, target, by) {
        return {
            at: this.clock.wallTime(),
            action,
            target,
            sha256: null,
            outcome: 'done',
            ...by
        };
    }
    async requireRoom() {
        const kept = (await this.store.list()).filter(({ revokedAt })=>revokedAt === null);
        if (kept.length < this.maxKeys) return;
        throw new DomainError('INSUFFICIENT_STORAGE', `The server holds ${this.maxKeys} keys and may hold no more; revoke one first.`);
    }
}

//# sourceMappingURL=key.service.js.map