import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors/domain-error.js';
import { warnOfForeign } from '../../common/installation/installation.js';
import { Log } from '../../common/log/log.js';
import type { SettingsOf } from '../../common/settings/settings.js';
import { Clock, type CancelTimer } from '../../common/time/clock.js';
import { FunctionEvents } from '../../functions/function-events.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { FunctionStore, type RecordedVersion } from '../../functions/store/function-store.js';
import { codeSettings } from '../code.settings.js';
import { CodeStore, type CodeCopy } from '../store/code-store.js';
import { TreeDigester } from '../thread/tree-digester.js';

const hourMs = 3_600_000;

/** Each thread reads one batch: large enough for few threads, small enough that a stop or a finding does not wait long. */
const maxVersions = 128;
const maxBytes = 64 * 1024 * 1024;

/**
 * Checks the disk against the records. At boot it removes what no record names and marks what is missing. Later it reads
 * published code again at intervals and marks what has changed: calls of such a function are refused until that is fixed.
 * It reads one batch at a time, in a low-priority thread, for at most half of the time, so it delays nobody.
 */
@Injectable()
export class CodeCheck {
  private readonly stop = new AbortController();
  private cancelTimer: CancelTimer = () => undefined;
  private pass: Promise<void> = Promise.resolve();

  constructor(
    private readonly store: FunctionStore,
    private readonly code: CodeStore,
    private readonly digester: TreeDigester,
    private readonly registry: FunctionRegistry,
    private readonly events: FunctionEvents,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(codeSettings.config.KEY) private readonly settings: SettingsOf<typeof codeSettings>,
  ) {}

  /** Before anything is deployed or called. */
  async sweep(): Promise<void> {
    const { missing, foreign } = await this.code.sweep(await this.store.recordedVersions());
    warnOfForeign(this.log, foreign);
    for (const { name, versionId } of missing) {
      this.log.error(
        { function: name, versionId },
        'the code of a version is missing; restore it from a backup, or publish it again',
      );
      this.registry.markBroken(versionId);
    }
  }

  start(): void {
    this.schedulePass(this.settings.firstCheckMs);
  }

  /** Resolves when no thread is reading. */
  async close(): Promise<void> {
    this.cancelTimer();
    this.stop.abort();
    await this.pass;
  }

  private schedulePass(delayMs: number): void {
    this.cancelTimer = this.clock.schedule(delayMs, () => {
      this.pass = this.checkAll();
    });
  }

  /** Never rejects: what could not be read now is read again in the next pass. */
  private async checkAll(): Promise<void> {
    try {
      const recorded = await this.store.recordedVersions();
      for (const batch of batchesOf(this.currentFirst(recorded))) {
        const beganMs = this.clock.monotonicMs();
        await this.check(batch);
        await this.rest(this.clock.monotonicMs() - beganMs);
        if (this.stop.signal.aborted) return;
      }
      this.log.info(this.summaryOf(recorded), 'published code was read');
    } catch (error) {
      this.log.warn({ err: error }, 'published code could not be checked');
    }
    if (this.settings.checkEveryHours > 0 && !this.stop.signal.aborted) {
      this.schedulePass(this.settings.checkEveryHours * hourMs);
    }
  }

  /** Current versions first, then those to roll back to. */
  private currentFirst(recorded: readonly RecordedVersion[]): RecordedVersion[] {
    const isCurrent = ({ name, versionId }: RecordedVersion) =>
      this.registry.find(name)?.version.id === versionId;
    return recorded.filter(hasDigest).sort((a, b) => Number(isCurrent(b)) - Number(isCurrent(a)));
  }

  private summaryOf(recorded: readonly RecordedVersion[]) {
    return {
      versions: recorded.length,
      broken: recorded.filter(({ versionId }) => this.registry.isBroken(versionId)).length,
      withoutDigest: recorded.filter((version) => !hasDigest(version)).length,
    };
  }

  private async check(batch: readonly RecordedVersion[]): Promise<void> {
    try {
      const digests = await this.digestsOf(batch);
      const isWhole = (version: RecordedVersion) => digests.get(version) === version.codeSha256;
      for (const version of batch.filter(isWhole)) this.restore(version);
      await this.refuse(batch.filter((version) => !isWhole(version)));
    } catch (error) {
      if (!this.stop.signal.aborted) this.log.warn({ err: error }, 'published code could not be checked');
    }
  }

  /** The digests of a batch: null for an unreadable version, no entry for a missing one. */
  private async digestsOf(batch: readonly RecordedVersion[]): Promise<Map<RecordedVersion, string | null>> {
    const copies: (CodeCopy & { readonly version: RecordedVersion })[] = [];
    try {
      for (const version of batch) {
        const copy = await this.code.localCopy(version).catch(undefinedIfUnavailable);
        if (copy) copies.push({ ...copy, version });
      }
      const directories = copies.map(({ directory }) => directory);
      const digests = await this.digester.digest(directories, this.stop.signal);
      return new Map(copies.map(({ version }, index) => [version, digests[index] ?? null]));
    } finally {
      for (const { release } of copies) release();
    }
  }

  /** The code was restored. */
  private restore({ name, versionId }: RecordedVersion): void {
    if (!this.registry.isBroken(versionId)) return;
    this.registry.markWhole(versionId);
    this.log.info({ function: name, versionId }, 'the code of a version is as it was published again');
  }

  private async refuse(damaged: readonly RecordedVersion[]): Promise<void> {
    if (damaged.length === 0) return;
    // Records go before their code does: what has one still was not just deleted.
    const recorded = new Set((await this.store.recordedVersions()).map(({ versionId }) => versionId));
    for (const { name, versionId } of damaged) {
      if (!recorded.has(versionId)) continue;
      this.log.error(
        { function: name, versionId },
        'the code of a version is not as it was published; restore it from a backup, or publish it again',
      );
      this.registry.markBroken(versionId);
      const deployed = this.registry.find(name);
      if (deployed?.version.id === versionId) this.events.broken(deployed);
    }
  }

  private rest(forMs: number): Promise<void> {
    return new Promise((resolve) => {
      const end = () => {
        this.cancelTimer();
        this.stop.signal.removeEventListener('abort', end);
        resolve();
      };
      this.stop.signal.addEventListener('abort', end);
      this.cancelTimer = this.clock.schedule(forMs, end);
      if (this.stop.signal.aborted) end();
    });
  }
}

function undefinedIfUnavailable(error: unknown): undefined {
  if (!(error instanceof DomainError) || error.code !== 'CODE_UNAVAILABLE') throw error;
}

/** False of a version from before there were digests. */
function hasDigest({ codeSha256 }: RecordedVersion): boolean {
  return codeSha256 !== null;
}

/** In their order; a version that is larger than a batch may be is one of its own. */
export function* batchesOf(versions: Iterable<RecordedVersion>): Generator<RecordedVersion[]> {
  let batch: RecordedVersion[] = [];
  let bytes = 0;
  for (const version of versions) {
    const isFull = batch.length === maxVersions || bytes + version.codeBytes > maxBytes;
    if (batch.length > 0 && isFull) {
      yield batch;
      batch = [];
      bytes = 0;
    }
    batch.push(version);
    bytes += version.codeBytes;
  }
  if (batch.length > 0) yield batch;
}
