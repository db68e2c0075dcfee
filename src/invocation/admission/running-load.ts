import type { Load, Running } from './lane.js';

/** What one running call takes. */
export interface RunningShare {
  readonly keyId: string | undefined;
  readonly memoryMiB: number;
  /** Since when it runs, in monotonic milliseconds. */
  readonly sinceMs: number;
}

const nothing: Load = { calls: 0, memoryMiB: 0 };

/** Adds up what running calls take. */
export class RunningLoad implements Running {
  private readonly shares = new Set<RunningShare>();
  private readonly loadByKey = new Map<string, Load>();
  private memoryMiB = 0;

  get load(): Load {
    return { calls: this.shares.size, memoryMiB: this.memoryMiB };
  }

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
    this.memoryMiB += share.memoryMiB;
    this.countKey(share, 1);
  }

  /** Of what was added, and once. */
  remove(share: RunningShare): void {
    this.shares.delete(share);
    this.memoryMiB -= share.memoryMiB;
    this.countKey(share, -1);
  }

  private countKey({ keyId, memoryMiB }: RunningShare, change: 1 | -1): void {
    if (keyId === undefined) return;
    const before = this.loadWithKey(keyId);
    const calls = before.calls + change;
    if (calls === 0) this.loadByKey.delete(keyId);
    else this.loadByKey.set(keyId, { calls, memoryMiB: before.memoryMiB + change * memoryMiB });
  }
}
