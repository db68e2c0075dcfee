/**
 * The one truth about which functions exist. A promise that resolved is on disk: no crash takes it back.
 * Failures are `DomainError`s: `FUNCTION_EXISTS`, `STORAGE_UNAVAILABLE` (locked or broken), `INSUFFICIENT_STORAGE`.
 * `test/contract/function-store.contract.ts` is the specification.
 */ export class FunctionStore {
}

//# sourceMappingURL=function-store.js.map