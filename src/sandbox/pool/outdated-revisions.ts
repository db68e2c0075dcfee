import type { DeployedFunction } from '../../functions/function.js';

/** The longest that a call may wait in line (the limit of `GLAMBDAR_QUEUE_TIMEOUT_MS`) before it asks for a sandbox. */
const rememberedForMs = 900_000;

/**
 * Which revisions no new call will find, although one that was let in earlier may still ask for a sandbox of them:
 * nothing is kept ready behind it. One entry for each function that changed or went lately.
 */
export class OutdatedRevisions {
  private readonly byFunctionId = new Map<string, { readonly revision: number; readonly sinceMs: number }>();

  /** Of this revision, and of all before it, nothing is kept from now on. */
  add({ id, revision }: DeployedFunction, nowMs: number): void {
    this.byFunctionId.delete(id);
    this.byFunctionId.set(id, { revision, sinceMs: nowMs });
  }

  has({ id, revision }: DeployedFunction): boolean {
    return revision <= (this.byFunctionId.get(id)?.revision ?? 0);
  }

  /** Lets go of what no call can ask for any more; the entries stand in the order of their times. */
  forgetOld(nowMs: number): void {
    for (const [id, { sinceMs }] of this.byFunctionId) {
      if (nowMs - sinceMs < rememberedForMs) return;
      this.byFunctionId.delete(id);
    }
  }
}
