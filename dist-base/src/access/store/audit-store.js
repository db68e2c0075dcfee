/**
 * Where the audit trail is kept: appended to, never changed, the oldest forgotten when there are too many.
 * Failures are those of `KeyStore`; `test/contract/access-store.contract.ts` is the specification.
 */ export class AuditStore {
}

//# sourceMappingURL=audit-store.js.map