import type { Dirent } from 'node:fs';
import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';
import { Installation } from '../../common/installation/installation.js';
import { Clock } from '../../common/time/clock.js';

/** What the server keeps in its directory. */
export const storedKinds = ['code', 'databases', 'staging', 'buildCache', 'other'] as const;
type StoredKind = (typeof storedKinds)[number];

export interface StoredSize {
  readonly what: StoredKind;
  readonly bytes: number;
  /** There was more than could be looked at, so it is at least so much. */
  readonly isAtLeast: boolean;
}

/** Of all kinds together: some seconds' work, beside which the server goes on. */
export const mostMeasuredFiles = 100_000;

/** How long sizes hold. */
const sizesAgeMs = 60_000;

/** By the name of the entry in the server's directory. */
function kindOf(name: string): StoredKind {
  if (name === 'functions') return 'code';
  if (name === 'staging') return 'staging';
  if (name === 'build-cache') return 'buildCache';
  return /\.sqlite(-wal|-shm|\.unusable.*)?$/.test(name) ? 'databases' : 'other';
}

/** Measures what the server keeps, when somebody asks, and no more often than once a minute. */
export class StorageSizes {
  private sizes: readonly StoredSize[] = [];
  private measuredMs = Number.NEGATIVE_INFINITY;
  private measuring: Promise<void> | undefined;

  constructor(
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly mostFiles: number,
  ) {}

  /** Never rejects: what vanishes or cannot be read while it is measured counts nothing. */
  async read(): Promise<readonly StoredSize[]> {
    if (this.clock.monotonicMs() - this.measuredMs >= sizesAgeMs) {
      this.measuring ??= this.measure().finally(() => {
        this.measuredMs = this.clock.monotonicMs();
        this.measuring = undefined;
      });
      await this.measuring;
    }
    return this.sizes;
  }

  private async measure(): Promise<void> {
    const bytes = new Map<StoredKind, number>(storedKinds.map((kind) => [kind, 0]));
    const cut = new Set<StoredKind>();
    let left = this.mostFiles;
    const { directory } = this.installation;
    for (const entry of await entriesOf(directory)) {
      const kind = kindOf(entry.name);
      const { total, looked, isWhole } = await sizeOf(join(directory, entry.name), entry, left);
      bytes.set(kind, (bytes.get(kind) ?? 0) + total);
      left -= looked;
      if (!isWhole) cut.add(kind);
    }
    this.sizes = [...bytes].map(([what, total]) => ({ what, bytes: total, isAtLeast: cut.has(what) }));
  }
}

async function entriesOf(directory: string): Promise<Dirent[]> {
  const entries: Dirent[] = [];
  try {
    for await (const entry of await opendir(directory)) entries.push(entry);
  } catch {
    // It vanished, or somebody else put it there.
  }
  return entries;
}

/** What a file, or everything below a directory, takes; links are not followed. */
async function sizeOf(path: string, entry: Dirent, mostLooked: number) {
  let [total, looked] = [0, 0];
  const pending: { readonly path: string; readonly entry: Dirent }[] = [{ path, entry }];
  for (let next = pending.pop(); next; next = pending.pop()) {
    if (looked >= mostLooked) return { total, looked, isWhole: false };
    looked += 1;
    const { path: place } = next;
    if (next.entry.isDirectory()) {
      for (const child of await entriesOf(place))
        pending.push({ path: join(place, child.name), entry: child });
    } else if (next.entry.isFile()) {
      total += await lstat(place).then(
        ({ size }) => size,
        () => 0,
      );
    }
  }
  return { total, looked, isWhole: true };
}
