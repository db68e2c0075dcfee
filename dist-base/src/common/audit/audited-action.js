const actionKey = 'glambdar:audited';
export function setAuditedAction(handler, action) {
    Reflect.defineMetadata(actionKey, action, handler);
}
/** The action of a route that is marked with `@Audited`. */ export function auditedActionOf(handler) {
    return Reflect.getMetadata(actionKey, handler);
}

//# sourceMappingURL=audited-action.js.map