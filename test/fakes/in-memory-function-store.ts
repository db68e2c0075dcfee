import { DomainError } from '../../src/common/errors/domain-error.js';
import type { DeployedFunction, FunctionVersion } from '../../src/functions/function.js';
import { hostTaken } from '../../src/functions/hosts/function-domain.js';
import {
  changesKept,
  FunctionStore,
  type ChangeOutcome,
  type InvocationCount,
  type NextRevision,
  type RecordedVersion,
} from '../../src/functions/store/function-store.js';

/** How the answer to a change is lost: before the change was made, or after. */
export type LostAnswer = 'before' | 'after';

/** Records that live as long as the test. It fails, and loses answers, as the test says. */
export class InMemoryFunctionStore extends FunctionStore {
  private readonly records = new Map<string, DeployedFunction>();
  private readonly versionsById = new Map<string, FunctionVersion[]>();
  private readonly changesById = new Map<string, string[]>();
  private readonly failures: DomainError[] = [];
  private refusedChange: DomainError | undefined;
  private lostAnswer: LostAnswer | undefined;
  private isUnreadable = false;

  /** The next operation, and then one more for each further call, rejects with this and changes nothing. */
  failNext(error = new DomainError('STORAGE_UNAVAILABLE', 'The store was told to fail.')): void {
    this.failures.push(error);
  }

  /** The next change rejects and is not made; what is read before it is not affected. */
  refuseNextChange(error = new DomainError('STORAGE_UNAVAILABLE', 'The store was told to refuse.')): void {
    this.refusedChange = error;
  }

  /** From now on nothing can be read, or again. */
  setUnreadable(isUnreadable: boolean): void {
    this.isUnreadable = isUnreadable;
  }

  /** The next change ends without an answer. */
  loseNextAnswer(when: LostAnswer): void {
    this.lostAnswer = when;
  }

  override insert(deployed: DeployedFunction): Promise<ChangeOutcome> {
    return this.change(() => {
      if ([...this.records.values()].some(({ name }) => name === deployed.name)) return 'conflict';
      this.requireHostsFree(deployed);
      this.records.set(deployed.id, deployed);
      this.versionsById.set(deployed.id, [deployed.version]);
      return 'done';
    });
  }

  override replace({ next, replaces, changeId, forgets = [] }: NextRevision): Promise<ChangeOutcome> {
    return this.change(() => {
      const record = this.records.get(next.id);
      if (record?.revision !== replaces) return 'conflict';
      this.requireHostsFree(next);
      const { version, settings, secrets, loadFailure, revision } = next;
      this.records.set(next.id, { ...record, version, settings, secrets, loadFailure, revision });
      const others = (this.versionsById.get(next.id) ?? []).filter(({ id }) => id !== version.id);
      const kept = [...others.filter(({ id }) => !forgets.includes(id)), version];
      this.versionsById.set(
        next.id,
        kept.sort((a, b) => a.number - b.number),
      );
      this.changesById.set(next.id, [...(this.changesById.get(next.id) ?? []), changeId].slice(-changesKept));
      return 'done';
    });
  }

  override remove({ id, revision }: Pick<DeployedFunction, 'id' | 'revision'>): Promise<ChangeOutcome> {
    return this.change(() => {
      if (this.records.get(id)?.revision !== revision) return 'conflict';
      for (const kept of [this.records, this.versionsById, this.changesById]) kept.delete(id);
      return 'done';
    });
  }

  override async hasChange(functionId: string, changeId: string): Promise<boolean> {
    this.failIfUnreadable();
    return this.changesById.get(functionId)?.includes(changeId) === true;
  }

  override async find(functionId: string): Promise<DeployedFunction | undefined> {
    this.failIfUnreadable();
    return this.records.get(functionId);
  }

  override async versions(functionId: string): Promise<FunctionVersion[]> {
    this.failIfTold();
    return [...(this.versionsById.get(functionId) ?? [])];
  }

  override async recordedVersions(): Promise<RecordedVersion[]> {
    this.failIfTold();
    return [...this.records.values()].flatMap(({ id, name }) =>
      (this.versionsById.get(id) ?? []).map(({ id: versionId, codeSha256, codeBytes }) => ({
        name,
        versionId,
        codeSha256,
        codeBytes,
      })),
    );
  }

  override async list(): Promise<DeployedFunction[]> {
    this.failIfTold();
    return [...this.records.values()];
  }

  override async addInvocations(counts: readonly InvocationCount[]): Promise<void> {
    this.failIfTold();
    for (const { functionId, calls, lastInvokedAt } of counts) {
      const record = this.records.get(functionId);
      if (!record) continue;
      const latestMs = Math.max(record.lastInvokedAt?.getTime() ?? 0, lastInvokedAt.getTime());
      const invokeCount = record.invokeCount + calls;
      this.records.set(functionId, { ...record, invokeCount, lastInvokedAt: new Date(latestMs) });
    }
  }

  override async recordLoad(functionId: string, revision: number, failure: string | null): Promise<void> {
    this.failIfTold();
    const record = this.records.get(functionId);
    if (record?.revision === revision) this.records.set(functionId, { ...record, loadFailure: failure });
  }

  override async check(): Promise<void> {
    this.failIfTold();
  }

  override async close(): Promise<void> {
    // Nothing to release.
  }

  private requireHostsFree({ id, settings }: DeployedFunction): void {
    const others = [...this.records.values()].filter((record) => record.id !== id);
    const taken = settings.hosts.find((host) => others.some((other) => other.settings.hosts.includes(host)));
    if (taken !== undefined) throw hostTaken(taken);
  }

  private async change(work: () => ChangeOutcome): Promise<ChangeOutcome> {
    this.failIfTold();
    const { lostAnswer, refusedChange } = this;
    this.lostAnswer = undefined;
    this.refusedChange = undefined;
    if (refusedChange) throw refusedChange;
    if (lostAnswer === 'before') return 'unknown';
    const outcome = work();
    return lostAnswer === undefined ? outcome : 'unknown';
  }

  private failIfUnreadable(): void {
    this.failIfTold();
    if (this.isUnreadable) throw new DomainError('STORAGE_UNAVAILABLE', 'The store cannot be read.');
  }

  private failIfTold(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}
