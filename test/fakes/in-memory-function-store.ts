import { DomainError } from '../../src/common/errors/domain-error.js';
import type { DeployedFunction, FunctionVersion } from '../../src/functions/function.js';
import {
  FunctionStore,
  type InvocationCount,
  type RecordedVersion,
} from '../../src/functions/store/function-store.js';

/** Records that live as long as the test. `failNext` lets the next operation fail as a real store would. */
export class InMemoryFunctionStore extends FunctionStore {
  private readonly records = new Map<string, DeployedFunction>();
  private readonly versionsById = new Map<string, FunctionVersion[]>();
  private readonly failures: DomainError[] = [];

  /** The next operation, and then one more for each further call, rejects with this and changes nothing. */
  failNext(error = new DomainError('STORAGE_UNAVAILABLE', 'The store was told to fail.')): void {
    this.failures.push(error);
  }

  override async insert(deployed: DeployedFunction): Promise<void> {
    this.failIfTold();
    if ([...this.records.values()].some(({ name }) => name === deployed.name)) {
      throw new DomainError('FUNCTION_EXISTS', 'A function with this name exists already.', {
        field: 'name',
      });
    }
    this.records.set(deployed.id, deployed);
    this.versionsById.set(deployed.id, [deployed.version]);
  }

  override async replace(next: DeployedFunction): Promise<boolean> {
    this.failIfTold();
    const record = this.records.get(next.id);
    if (!record) return false;
    const { version, settings, secrets, loadFailure, revision } = next;
    this.records.set(next.id, { ...record, version, settings, secrets, loadFailure, revision });
    const versions = this.versionsById.get(next.id) ?? [];
    if (!versions.some(({ id }) => id === version.id)) {
      this.versionsById.set(
        next.id,
        [...versions, version].sort((a, b) => a.number - b.number),
      );
    }
    return true;
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

  override async removeVersions(functionId: string, versionIds: readonly string[]): Promise<void> {
    this.failIfTold();
    const current = this.records.get(functionId)?.version.id;
    const kept = (this.versionsById.get(functionId) ?? []).filter(
      ({ id }) => id === current || !versionIds.includes(id),
    );
    this.versionsById.set(functionId, kept);
  }

  override async list(): Promise<DeployedFunction[]> {
    this.failIfTold();
    return [...this.records.values()];
  }

  override async remove(functionId: string): Promise<boolean> {
    this.failIfTold();
    this.versionsById.delete(functionId);
    return this.records.delete(functionId);
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

  private failIfTold(): void {
    const failure = this.failures.shift();
    if (failure) throw failure;
  }
}
