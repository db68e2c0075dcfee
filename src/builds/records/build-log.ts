import { type BuildLine, type BuildRecord, bytesOf } from '../store/build-store.js';

/** A build with its log as they are at this moment. */
export interface BuildLog {
  readonly build: BuildRecord;
  readonly lines: readonly BuildLine[];
  /** Nothing needed a build after all, so there is no record of it. */
  readonly isDiscarded: boolean;
  /** Called after each change until what it gives is called. Of a build that has ended nothing changes. */
  onChange(listener: () => void): () => void;
}

/** A build that has ended. */
export function endedLog(build: BuildRecord, lines: readonly BuildLine[]): BuildLog {
  return { build, lines, isDiscarded: false, onChange: () => () => undefined };
}

/** Most of a log that is kept, as `bytesOf` counts. */
export const maxLogBytes = 2 * 1024 * 1024;
/** What only the server's own lines may take of it: they say how the build went. */
const ownBytes = 64 * 1024;
/** Longest line, in UTF-16 units. */
const maxLineLength = 16 * 1024;

/** A build that has not ended yet, with its log in memory. */
export class LiveBuild implements BuildLog {
  readonly lines: BuildLine[] = [];
  isDiscarded = false;
  private bytes = 0;
  private written = 0;
  private readonly listeners = new Set<() => void>();

  constructor(private current: BuildRecord) {}

  get build(): BuildRecord {
    return this.current;
  }

  change(changed: Partial<BuildRecord>): void {
    this.current = { ...this.current, ...changed };
  }

  add({ text, ...line }: Omit<BuildLine, 'number'>): void {
    const added = { ...line, number: this.lines.length + 1, text: text.slice(0, maxLineLength) };
    const bytes = bytesOf(added);
    const limit = line.stream === 'system' ? maxLogBytes : maxLogBytes - ownBytes;
    if (this.bytes + bytes > limit) {
      this.change({ isTruncated: true });
      return;
    }
    this.bytes += bytes;
    this.lines.push(added);
  }

  /** The lines that were not taken yet. */
  takeUnwritten(): readonly BuildLine[] {
    const lines = this.lines.slice(this.written);
    this.written = this.lines.length;
    return lines;
  }

  onChange(listener: () => void): () => void {
    this.listeners.add(listener);
    return () => {
      this.listeners.delete(listener);
    };
  }

  /** Those who follow look at what is new. */
  tell(): void {
    for (const listener of [...this.listeners]) listener();
  }
}
