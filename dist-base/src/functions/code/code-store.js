/** Where code lives. `test/contract/code-store.contract.ts` is the specification. */ export class CodeStore {
}

//# sourceMappingURL=code-store.js.map