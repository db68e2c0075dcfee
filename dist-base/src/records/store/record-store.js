/** A line costs room beside its text, so that empty lines are not free. */ const bytesBesideText = 256;
/** What a line counts in the budget, in bytes. */ export function budgetBytesOf(line) {
    return Buffer.byteLength(line.text) + bytesBesideText;
}
/**
 * Where lines and records of calls are kept, within a budget. Their loss loses no function, so a write need not be on
 * the disk when it resolves, but survives the end of the process. Failures are `DomainError`s: `STORAGE_UNAVAILABLE`,
 * `INSUFFICIENT_STORAGE`, `OVERLOADED`. `test/contract/record-store.contract.ts` is the specification.
 */ export class RecordStore {
}

//# sourceMappingURL=record-store.js.map