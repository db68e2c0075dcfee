import type { AuditAction } from './audit-trail.js';

const actionKey = 'glambdar:audited';

export function setAuditedAction(handler: object, action: AuditAction): void {
  Reflect.defineMetadata(actionKey, action, handler);
}

/** The action of a route that is marked with `@Audited`. */
export function auditedActionOf(handler: object): AuditAction {
  return Reflect.getMetadata(actionKey, handler) as AuditAction;
}
