/**
 * Where keys are kept. A promise that resolved is on disk, and a change together with the audit entry that comes with
 * it: there is never one without the other. Failures are `DomainError`s: `STORAGE_UNAVAILABLE`, `INSUFFICIENT_STORAGE`.
 * `test/contract/access-store.contract.ts` is the specification.
 */ export class KeyStore {
}

//# sourceMappingURL=key-store.js.map