import {
  type BuildBudget,
  type BuildLine,
  type BuildQuery,
  type BuildRecord,
  BuildStore,
  bytesOf,
} from '../../src/builds/store/build-store.js';

interface Kept {
  readonly build: BuildRecord;
  readonly lines: readonly BuildLine[];
}

/** `BuildStore` as its contract says, in memory. */
export class InMemoryBuildStore extends BuildStore {
  /** In the order in which they began. */
  private readonly kept = new Map<string, Kept>();

  constructor(private readonly budget: BuildBudget) {
    super();
  }

  override async write(
    build: BuildRecord,
    lines: readonly BuildLine[],
    nowMs: number,
  ): Promise<readonly string[]> {
    this.kept.set(build.id, { build, lines: [...(this.kept.get(build.id)?.lines ?? []), ...lines] });
    const { builds, buildsPerFunction, logBytes, ageMs } = this.budget;
    return [
      ...this.drop(
        () => true,
        ({ startedAtMs }) => startedAtMs < nowMs - ageMs,
      ),
      ...this.drop(
        ({ functionName }) => functionName === build.functionName,
        (_, count) => count > buildsPerFunction,
      ),
      ...this.drop(
        () => true,
        (_, count) => count > builds,
      ),
      ...this.drop(
        () => true,
        (_, _count, bytes) => bytes > logBytes,
      ),
    ];
  }

  override async build(id: string): Promise<BuildRecord | undefined> {
    return this.kept.get(id)?.build;
  }

  override async lines(id: string): Promise<readonly BuildLine[]> {
    return this.kept.get(id)?.lines ?? [];
  }

  override async builds({ functionName, limit }: BuildQuery): Promise<readonly BuildRecord[]> {
    return [...this.kept.values()]
      .reverse()
      .map(({ build }) => build)
      .filter((build) => functionName === undefined || build.functionName === functionName)
      .slice(0, limit);
  }

  override async remove(id: string): Promise<void> {
    this.kept.delete(id);
  }

  override async forget(functionName: string): Promise<readonly string[]> {
    return this.drop(
      (build) => build.functionName === functionName && build.endedAtMs !== null,
      () => true,
    );
  }

  /** Of those that are counted, newest first, the ended ones that are too much. */
  private drop(
    isCounted: (build: BuildRecord) => boolean,
    isTooMuch: (build: BuildRecord, count: number, bytes: number) => boolean,
  ): string[] {
    let count = 0;
    let bytes = 0;
    const dropped: string[] = [];
    for (const { build, lines } of [...this.kept.values()].reverse()) {
      if (!isCounted(build)) continue;
      count += 1;
      bytes += lines.reduce((sum, line) => sum + bytesOf(line), 0);
      if (build.endedAtMs !== null && isTooMuch(build, count, bytes)) dropped.push(build.id);
    }
    for (const id of dropped) this.kept.delete(id);
    return dropped;
  }
}
