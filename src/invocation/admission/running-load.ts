import type { Load, Running } from './lane.js';

/** What one running call takes. */
export interface RunningShare {
  readonly keyId: string | undefined;
  readonly memoryMiB: number;
  /** Since when it runs, in monotonic milliseconds. */
  readonly sinceMs: number;
}

interface Sum {
  calls: number;
  memoryMiB: number;
}

const nothing: Load = { calls: 0, memoryMiB: 0 };

/** Adds up what running calls take. */
export class RunningLoad implements Running {
  private readonly shares = new Set<RunningShare>();
  private readonly loadByKey = new Map<string, Sum>();
  private readonly sum: Sum = { calls: 0, memoryMiB: 0 };

  /** As it is at any time: it changes with what is added and removed. */
  get load(): Load {
    return this.sum;
  }

  /** As it is now. */
  loadWithKey(keyId: string): Load {
    return this.loadByKey.get(keyId) ?? nothing;
  }

  memoryMiBSince(sinceMs: number): number {
    let memoryMiB = 0;
    for (const share of this.shares) if (share.sinceMs > sinceMs) memoryMiB += share.memoryMiB;
    return memoryMiB;
  }

  add(share: RunningShare): void {
    this.shares.add(share);
    count(this.sum, share, 1);
    const { keyId } = share;
    if (keyId === undefined) return;
    let load = this.loadByKey.get(keyId);
    if (!load) this.loadByKey.set(keyId, (load = { ...nothing }));
    count(load, share, 1);
  }

  /** Of what was added, and once. */
  remove(share: RunningShare): void {
    this.shares.delete(share);
    count(this.sum, share, -1);
    const load = share.keyId === undefined ? undefined : this.loadByKey.get(share.keyId);
    if (!load) return;
    count(load, share, -1);
    // Keys come and go; one without running calls takes no memory.
    if (load.calls === 0 && share.keyId !== undefined) this.loadByKey.delete(share.keyId);
  }
}

function count(sum: Sum, { memoryMiB }: RunningShare, change: 1 | -1): void {
  sum.calls += change;
  sum.memoryMiB += change * memoryMiB;
}
