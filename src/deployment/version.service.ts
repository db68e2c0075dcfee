import { Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { deleted } from '../builds/build.service.js';
import type { StagedCode } from '../code/store/code-store.js';
import { RetiredCode } from '../code/store/retired-code.js';
import { DomainError } from '../common/errors/domain-error.js';
import { Clock } from '../common/time/clock.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { type DeployedFunction, type FunctionSettings, type FunctionVersion } from '../functions/function.js';
import { type SettingChange, settingChanges } from '../functions/settings/setting-changes.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { FunctionLock } from './function-lock.js';
import { nobodyInParticular } from './changer.js';
import {
  type Deployment,
  type DeployOptions,
  DeployService,
  type ReceivedArchive,
} from './deploy.service.js';
import { LoadVerifier } from './load-verifier.js';
import { type Replacement, ReplacementService } from './replacement.service.js';
import { SettingsReader } from './settings.service.js';
import { VersionRetention } from './version-retention.js';

/**
 * The version to roll back to: the requested one, or the newest that is older than the current one. Throws
 * `VERSION_NOT_FOUND` or `NOTHING_TO_ROLL_BACK`.
 */
export function rollbackTarget(
  versions: readonly FunctionVersion[],
  current: FunctionVersion,
  wanted: number | undefined,
): FunctionVersion {
  if (wanted === current.number) {
    throw nothingToRollBack(`Version ${wanted} is already the current one; choose another version.`);
  }
  if (wanted === undefined) return newestBefore(current, versions);
  const target = versions.find(({ number }) => number === wanted);
  if (target) return target;
  throw new DomainError(
    'VERSION_NOT_FOUND',
    `The function has no version ${wanted}; GET /versions/:name lists those that are kept.`,
    { field: 'version' },
  );
}

function newestBefore(current: FunctionVersion, versions: readonly FunctionVersion[]): FunctionVersion {
  const earlier = versions.filter(({ number }) => number < current.number);
  const target = earlier.sort((a, b) => b.number - a.number)[0];
  if (target) return target;
  throw nothingToRollBack(
    `No version before ${current.number} is kept; name the version to go to, or deploy the code again.`,
  );
}

function nothingToRollBack(message: string): DomainError {
  return new DomainError('NOTHING_TO_ROLL_BACK', message, { field: 'version' });
}

/** A version that is kept, and the settings that it was published with. */
export interface PublishedVersion {
  readonly version: FunctionVersion;
  /** As the server's defaults complete them now; null if they are unknown. */
  readonly settings: FunctionSettings | null;
  /** What differs from those of the version before it; null if there is none, or either is unknown. */
  readonly changes: readonly SettingChange[] | null;
}

function publishedVersion(
  version: FunctionVersion,
  settings: FunctionSettings | null,
  before: FunctionSettings | null | undefined,
): PublishedVersion {
  return { version, settings, changes: settings && before ? settingChanges(before, settings) : null };
}

export interface Publication extends Deployment {
  /** The name was free: this is the function's first version. */
  readonly isNew: boolean;
}

/**
 * Publishes, lists and rolls back the versions of a function. A crash leaves the same as one during a deployment: the next
 * start sweeps staged code and published code without a record, and the record is one transaction.
 */
@Injectable()
export class VersionService {
  constructor(
    private readonly lock: FunctionLock,
    private readonly deploys: DeployService,
    private readonly verifier: LoadVerifier,
    private readonly replacement: ReplacementService,
    private readonly retention: VersionRetention,
    private readonly retiredCode: RetiredCode,
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    private readonly settings: SettingsReader,
    private readonly clock: Clock,
  ) {}

  /**
   * The archive becomes the function's next version, or a new function; its settings are patched in the same step.
   * Rejects with `INVALID_SETTINGS`, with `CANDIDATE_NOT_LOADABLE` when the next version does not load, or a first one that
   * is strict, or as `Upload.unpack`, `BuildService.complete`, the stores and the making of a container do; then nothing has changed.
   */
  async publish(archive: ReceivedArchive, options: DeployOptions): Promise<Publication> {
    try {
      // Check the rules before unpacking the archive.
      const before = this.registry.find(archive.name);
      const settings = this.settings.patched(before?.settings, options.settings, options.by);
      await this.verifier.requireSandbox(before?.settings, settings);
      const { staged, notes, build } = await this.deploys.unpackAndBuild(archive, settings, options);
      // A build takes long: whoever deleted the function meanwhile does not get it back by it.
      if (build && before && this.registry.find(archive.name)?.id !== before.id) {
        throw deleted(archive.name);
      }
      // Only now take the function's lock: an archive that is refused or being built delays no other change.
      const published = await this.lock.run<Replacement | DeployedFunction>(
        archive.name,
        () =>
          this.registry.find(archive.name)
            ? this.nextVersionLocked(archive.name, staged, options)
            : this.deploys.createLocked(archive.name, staged, options),
        options.by,
      );
      if ('after' in published) {
        const { warnings, ...publication } = publicationOf(published);
        const ofSettings = await this.verifier.settingsWarnings(published.after);
        return { ...publication, warnings: [...warnings, ...ofSettings], notes, build };
      }
      // Verified without the lock: the function exists, and its next change need not wait.
      return { ...(await this.deploys.tried(published, options)), notes, build, isNew: true };
    } finally {
      await this.deploys.discard(archive);
    }
  }

  /** Newest first. Rejects with `FUNCTION_NOT_FOUND`, or as the store does. */
  async list(name: FunctionName): Promise<PublishedVersion[]> {
    const versions = await this.store.versions(this.registry.get(name).id);
    const settings = versions.map(
      ({ publishedWith }) => publishedWith && this.settings.completed(publishedWith),
    );
    return versions
      .map((version, index) => publishedVersion(version, settings[index] ?? null, settings[index - 1]))
      .reverse();
  }

  /**
   * Makes an earlier version current: the requested one, or the newest before the current one. Rejects with
   * `VERSION_NOT_FOUND`, `NOTHING_TO_ROLL_BACK`, `CANDIDATE_NOT_LOADABLE`, or as `ReplacementService.replace` does.
   */
  async rollBack(
    name: FunctionName,
    wanted: number | undefined,
    by = nobodyInParticular,
  ): Promise<Deployment> {
    const rolledBack = await this.replacement.replace(
      name,
      async (current) => {
        const version = rollbackTarget(await this.store.versions(current.id), current.version, wanted);
        if (this.registry.isBroken(version.id)) throw versionBroken(version.number);
        return { ...current, version };
      },
      { mustLoad: true, by },
    );
    return publicationOf(rolledBack);
  }

  private async nextVersionLocked(
    name: FunctionName,
    staged: StagedCode,
    { settings, by }: DeployOptions,
  ): Promise<Replacement> {
    const id = randomUUID();
    await staged.publish(name, id);
    return this.replacement.replaceLocked(
      name,
      async (current) => {
        const next = this.settings.patched(current.settings, settings, by);
        const published = { id, publishedBy: by?.keyId ?? null, publishedWith: next.chosen };
        return {
          ...current,
          version: { ...(await this.nextVersion(staged, current)), ...published },
          settings: next,
        };
      },
      { mustLoad: true },
      {
        forgets: (edited) => this.retention.surplusOf(edited),
        made: (after, forgotten) => this.retention.retire(after, forgotten),
        notMade: () => this.retiredCode.remove({ name, versionId: id }),
      },
    );
  }

  private async nextVersion(
    { sha256, codeSha256, codeBytes, fileCount }: StagedCode,
    current: DeployedFunction,
  ): Promise<Omit<FunctionVersion, 'id' | 'publishedBy' | 'publishedWith'>> {
    const versions = await this.store.versions(current.id);
    const number = Math.max(current.version.number, ...versions.map((version) => version.number)) + 1;
    return { number, sha256, codeSha256, codeBytes, fileCount, createdAt: this.clock.wallTime() };
  }
}

function publicationOf({ before, after, warnings }: Replacement): Publication {
  const changes = settingChanges(before.settings, after.settings);
  return { deployed: after, changes, warnings, notes: [], build: null, isNew: false };
}

function versionBroken(number: number): DomainError {
  return new DomainError(
    'CODE_UNAVAILABLE',
    `The code of version ${number} is missing or was changed on the server; choose another version, or publish the code again.`,
  );
}
