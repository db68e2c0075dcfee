import type { SharedBudget } from '../shares/shared-budget.js';

/** What of one answer that goes on waits for its client. */
export class UnsentShare {
  private bytes = 0;

  constructor(
    private readonly budget: SharedBudget,
    private readonly keyId: string | undefined,
  ) {}

  /** So many bytes wait now, or are to. False where there is no room for more; what was counted before stays so. */
  resize(bytes: number): boolean {
    const more = bytes - this.bytes;
    if (more > 0 && this.budget.shortageFor(this.keyId, more) !== undefined) return false;
    if (more !== 0) this.budget.add(this.keyId, more);
    this.bytes = bytes;
    return true;
  }

  /** Nothing waits any more. */
  close(): void {
    this.resize(0);
  }
}
