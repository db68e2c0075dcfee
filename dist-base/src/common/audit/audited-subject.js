/** What is learnt of an audited action only while it is done. */ const subjects = new WeakMap();
/** Lets the audit trail ask when the action of this request has ended, however it ended. */ export function tellAuditedSubject(request, subject) {
    subjects.set(request, subject);
}
export function auditedSubjectOf(request) {
    return subjects.get(request)?.();
}

//# sourceMappingURL=audited-subject.js.map