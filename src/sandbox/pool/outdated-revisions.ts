import type { DeployedFunction } from '../../functions/function.js';

/** The longest that a call may be queued (the limit of `GLAMBDAR_QUEUE_TIMEOUT_MS`) before it asks for a sandbox. */
const rememberedForMs = 900_000;

/**
 * The revisions that no new call will find, although one admitted earlier may still ask for a sandbox of them: nothing
 * is kept ready after it. One entry for each function that was changed or deleted lately.
 */
export class OutdatedRevisions {
  private readonly byFunctionId = new Map<string, { readonly revision: number; readonly sinceMs: number }>();

  /** Nothing is kept of this revision, or of those before it, from now on. */
  add({ id, revision }: DeployedFunction, nowMs: number): void {
    this.byFunctionId.delete(id);
    this.byFunctionId.set(id, { revision, sinceMs: nowMs });
  }

  has({ id, revision }: DeployedFunction): boolean {
    return revision <= (this.byFunctionId.get(id)?.revision ?? 0);
  }

  /** Drops what no call can ask for any more; the entries are in the order of their times. */
  forgetOld(nowMs: number): void {
    for (const [id, { sinceMs }] of this.byFunctionId) {
      if (nowMs - sinceMs < rememberedForMs) return;
      this.byFunctionId.delete(id);
    }
  }
}
