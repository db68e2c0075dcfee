/** What is learnt of an audited action only while it is done. */
export interface AuditedSubject {
  readonly target: string;
  /** Of the archive, once it was unpacked. */
  readonly sha256: string | undefined;
}

const subjects = new WeakMap<object, () => AuditedSubject>();

/** Lets the audit trail ask when the action of this request has ended, however it ended. */
export function tellAuditedSubject(request: object, subject: () => AuditedSubject): void {
  subjects.set(request, subject);
}

export function auditedSubjectOf(request: object): AuditedSubject | undefined {
  return subjects.get(request)?.();
}
