import type { Load, Running } from './lane.js';

/** What one running call takes. */
export interface RunningShare {
  readonly keyId: string | undefined;
  readonly memoryMiB: number;
  /** Since when it runs, in monotonic milliseconds. */
  readonly sinceMs: number;
}

/** Adds up what running calls take. */
export class RunningLoad implements Running {
  private readonly shares = new Set<RunningShare>();
  private readonly callsByKey = new Map<string, number>();
  private memoryMiB = 0;

  get load(): Load {
    return { calls: this.shares.size, memoryMiB: this.memoryMiB };
  }

  callsWithKey(keyId: string): number {
    return this.callsByKey.get(keyId) ?? 0;
  }

  memoryMiBSince(sinceMs: number): number {
    let memoryMiB = 0;
    for (const share of this.shares) if (share.sinceMs > sinceMs) memoryMiB += share.memoryMiB;
    return memoryMiB;
  }

  add(share: RunningShare): void {
    this.shares.add(share);
    this.memoryMiB += share.memoryMiB;
    this.countKey(share.keyId, 1);
  }

  /** Of what was added, and once. */
  remove(share: RunningShare): void {
    this.shares.delete(share);
    this.memoryMiB -= share.memoryMiB;
    this.countKey(share.keyId, -1);
  }

  private countKey(keyId: string | undefined, change: number): void {
    if (keyId === undefined) return;
    const calls = this.callsWithKey(keyId) + change;
    if (calls === 0) this.callsByKey.delete(keyId);
    else this.callsByKey.set(keyId, calls);
  }
}
