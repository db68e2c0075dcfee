export function auditLine(log) {
    // The line has a time of its own.
    return ({ actor, action, target, sha256, outcome, requestId, address })=>{
        const archive = sha256 === null ? {} : {
            sha256
        };
        log.info({
            actor,
            action,
            target,
            ...archive,
            outcome,
            requestId,
            address
        }, 'audit');
    };
}

//# sourceMappingURL=audit-line.js.map