import { isDeepStrictEqual } from 'node:util';
import type { DeployedFunction, FunctionSettings } from '../../functions/function.js';

/** What decides about calls and events before any container has a part in them; `chosen` is in the others. */
const unseenSettings: readonly (keyof FunctionSettings)[] = [
  ...(['description', 'access', 'rateLimit', 'cors', 'hosts', 'idempotency'] as const),
  ...(['retry', 'onSuccess', 'onFailure', 'maxQueuedEvents', 'schedules', 'chosen'] as const),
];
const unseen: ReadonlySet<string> = new Set(unseenSettings);

/** Whether both revisions are the same to a container, so that one made for the first may serve the second. */
export function haveSameSandboxes(before: DeployedFunction, after: DeployedFunction): boolean {
  return (
    before.id === after.id &&
    before.version.id === after.version.id &&
    isDeepStrictEqual(before.secrets, after.secrets) &&
    isDeepStrictEqual(seenOf(before.settings), seenOf(after.settings))
  );
}

/** A setting that nobody has thought of is seen. */
function seenOf(settings: FunctionSettings): object {
  return Object.fromEntries(Object.entries(settings).filter(([name]) => !unseen.has(name)));
}

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

/** Names the pools: revisions that follow each other and are the same to a container share one, as long as there is one. */
export class PoolKeys {
  /** By id of the function; at most one range of each. */
  private readonly shared = new Map<string, { readonly from: number; readonly to: number }>();

  of({ id, revision }: DeployedFunction): string {
    return `${id}/${this.firstOf(id, revision)}`;
  }

  /** From now on `after` has the key of `before`. */
  share(before: DeployedFunction, after: DeployedFunction): void {
    const from = this.firstOf(before.id, before.revision);
    this.shared.set(before.id, { from, to: after.revision });
  }

  /** What is shared ends with its pool. */
  forget(isThere: (poolKey: string) => boolean): void {
    for (const [id, { from }] of this.shared) if (!isThere(`${id}/${from}`)) this.shared.delete(id);
  }

  private firstOf(id: string, revision: number): number {
    const range = this.shared.get(id);
    return range && range.from <= revision && revision <= range.to ? range.from : revision;
  }
}
