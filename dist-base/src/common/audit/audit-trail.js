/** What can be done to an installation; the list is closed, because its readers filter by it. */ export const auditActions = [
    'function.deploy',
    'function.configure',
    'function.rollback',
    'function.delete',
    'secret.put',
    'secret.delete',
    'key.create',
    'key.revoke',
    'request.refuse'
];
/** Where changes are recorded. A promise that resolved is on disk. */ export class AuditTrail {
}

//# sourceMappingURL=audit-trail.js.map