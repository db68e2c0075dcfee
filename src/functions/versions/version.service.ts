import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { Candidates } from '../candidates.js';
import { ChangeTurns } from '../change-turns.js';
import type { StagedCode } from '../code/code-store.js';
import { DeployService, type Deployment, type ReceivedArchive } from '../deploy/deploy.service.js';
import type { FunctionName } from '../function-name.js';
import { FunctionRegistry } from '../function-registry.js';
import type { DeployedFunction, FunctionSettings, FunctionVersion } from '../function.js';
import { ReplacementService } from '../replacement.service.js';
import { RetiredCode } from '../retired-code.js';
import { SettingsReader } from '../settings/settings-reader.js';
import { FunctionStore } from '../store/function-store.js';
import { rollbackTarget } from './rollback-target.js';
import { VersionRetention } from './version-retention.js';

export interface Publication extends Deployment {
  /** The name was free: this is the function's first version. */
  readonly isNew: boolean;
}

/**
 * The versions of a function: a new one, the list, and the way back. Crashes leave the same as those of a deployment:
 * staged code and published code without a record are swept at the next start, and the record is one transaction.
 */
@Injectable()
export class VersionService {
  constructor(
    private readonly turns: ChangeTurns,
    private readonly deploys: DeployService,
    private readonly candidates: Candidates,
    private readonly replacement: ReplacementService,
    private readonly retention: VersionRetention,
    private readonly retiredCode: RetiredCode,
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    private readonly settings: SettingsReader,
    private readonly clock: Clock,
  ) {}

  /**
   * The archive becomes the function's next version, or a new function. Without `settings` they stay as they are, or
   * take their defaults where the function is new. Rejects with `CANDIDATE_NOT_LOADABLE` when the
   * function exists and its next version does not load, or as `Upload.unpack`, the stores and the making of a container
   * do; then nothing has changed.
   */
  async publish(archive: ReceivedArchive, settings?: FunctionSettings): Promise<Publication> {
    try {
      const { handler } =
        settings ?? this.registry.find(archive.name)?.settings ?? this.settings.fromForm(undefined);
      const staged = await archive.upload.unpack(handler);
      // An archive that is refused has kept no other change waiting.
      const published = await this.turns.take(archive.name, () =>
        this.registry.find(archive.name)
          ? this.nextVersionInTurn(archive.name, staged, settings)
          : this.firstVersionInTurn(archive.name, staged, settings),
      );
      const warnings = published.isNew
        ? await this.deploys.announce(published.deployed)
        : await this.candidates.settingsWarnings(published.deployed.settings);
      return { ...published, warnings, notes: staged.notes };
    } finally {
      await this.deploys.discard(archive);
    }
  }

  /** Newest first. Rejects with `FUNCTION_NOT_FOUND`, or as the store does. */
  async list(name: FunctionName): Promise<FunctionVersion[]> {
    const versions = await this.store.versions(this.registry.get(name).id);
    return versions.reverse();
  }

  /**
   * Makes an earlier version current: the wanted one, or the newest before the current one. Rejects with
   * `VERSION_NOT_FOUND`, `NOTHING_TO_ROLL_BACK`, `CANDIDATE_NOT_LOADABLE`, or as `ReplacementService.replace` does.
   */
  rollBack(name: FunctionName, wanted: number | undefined): Promise<DeployedFunction> {
    return this.replacement.replace(
      name,
      async (current) => {
        const version = rollbackTarget(await this.store.versions(current.id), current.version, wanted);
        if (this.registry.isBroken(version.id)) throw versionBroken(version.number);
        return { ...current, version };
      },
      { mustLoad: true },
    );
  }

  private async firstVersionInTurn(name: FunctionName, staged: StagedCode, settings?: FunctionSettings) {
    const chosen = settings ?? this.settings.fromForm(undefined);
    const deployed = await this.deploys.createInTurn(name, staged, chosen);
    return { deployed, isNew: true };
  }

  private async nextVersionInTurn(name: FunctionName, staged: StagedCode, settings?: FunctionSettings) {
    const id = randomUUID();
    await staged.publish(name, id);
    try {
      const deployed = await this.replacement.replaceInTurn(
        name,
        async (current) => ({
          ...current,
          version: await this.nextVersion(id, staged, current),
          settings: settings ?? current.settings,
        }),
        { mustLoad: true },
      );
      await this.retention.collect(deployed);
      return { deployed, isNew: false };
    } catch (error) {
      await this.retiredCode.remove({ name, versionId: id });
      throw error;
    }
  }

  private async nextVersion(
    id: string,
    { sha256, codeSha256, codeBytes, fileCount }: StagedCode,
    current: DeployedFunction,
  ): Promise<FunctionVersion> {
    const versions = await this.store.versions(current.id);
    const number = Math.max(current.version.number, ...versions.map((version) => version.number)) + 1;
    return { id, number, sha256, codeSha256, codeBytes, fileCount, createdAt: this.clock.wallTime() };
  }
}

function versionBroken(number: number): DomainError {
  return new DomainError(
    'CODE_UNAVAILABLE',
    `The code of version ${number} is missing or was changed on the server; choose another version, or publish the code again.`,
  );
}
