/** The engine's own identifier of a container; never shown to a client. */ /** Raised by every operation of an engine; `kind` says what the caller can do about it. */ export class EngineError extends Error {
    kind;
    name = 'EngineError';
    constructor(kind, message, options){
        super(message, options), this.kind = kind;
    }
}
/**
 * What Glambdar needs of a container engine, in Glambdar's words. Every operation has a time limit of its own and
 * rejects with an `EngineError` only. `test/contract/container-engine.contract.ts` is the specification.
 */ export class ContainerEngine {
}

//# sourceMappingURL=container-engine.js.map