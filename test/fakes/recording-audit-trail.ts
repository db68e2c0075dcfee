import { DomainError } from '../../src/common/errors/domain-error.js';
import { AuditTrail, type AuditEntry } from '../../src/common/audit/audit-trail.js';

/** Keeps its entries for the test to read. `failNext` lets the next record be refused as a full disk would. */
export class RecordingAuditTrail extends AuditTrail {
  readonly entries: AuditEntry[] = [];
  private readonly failures: DomainError[] = [];

  failNext(error = new DomainError('INSUFFICIENT_STORAGE', 'The trail was told to fail.')): void {
    this.failures.push(error);
  }

  override async record(entry: AuditEntry): Promise<void> {
    const failure = this.failures.shift();
    if (failure) throw failure;
    this.entries.push(entry);
  }
}
