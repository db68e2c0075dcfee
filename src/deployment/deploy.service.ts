import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Inject, Injectable } from '@nestjs/common';
import { type BuildSummary, BuildService } from '../builds/build.service.js';
import { CodeStore, type StagedCode, type Upload } from '../code/store/code-store.js';
import { RetiredCode } from '../code/store/retired-code.js';
import { Log } from '../common/log/log.js';
import { Cancellation } from '../common/time/cancellation.js';
import { Clock } from '../common/time/clock.js';
import { functionNameOfUpload, type FunctionName } from '../functions/function-name.js';
import { FunctionRegistry, versionKeyOf } from '../functions/function-registry.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import { LoadOutcomes, loads, warningsOf } from '../functions/load-outcomes.js';
import type { SettingChange } from '../functions/settings/setting-changes.js';
import { LoadVerifier } from './load-verifier.js';
import { FunctionLock } from './function-lock.js';
import { ChangeCommits } from './change-commits.js';
import type { Changer } from './changer.js';
import { SettingsReader } from './settings.service.js';

/** An upload that has arrived completely and is not yet inspected. */
export interface ReceivedArchive {
  readonly name: FunctionName;
  readonly upload: Upload;
}

/** What is sent with an archive. */
export interface DeployOptions {
  /** A JSON merge patch of the function's settings; `{}` changes nothing. */
  readonly settings: unknown;
  /** Refuse code that does not load, even if there is no earlier version to fall back on. */
  readonly strict: boolean;
  readonly by?: Changer;
  /** Under which the build, if there has to be one, can be followed; it was announced. */
  readonly buildId?: string;
  /** Cancelled when nobody waits for the answer any more: then a build that runs is ended. */
  readonly cancellation?: Cancellation;
}

export interface Deployment {
  readonly deployed: DeployedFunction;
  /** Only for a function that existed before. */
  readonly changes: readonly SettingChange[];
  /** Tells whoever deploys it that its calls will probably fail, or that this could not be checked. */
  readonly warnings: readonly string[];
  /** How the archive was read, if that is not obvious. */
  readonly notes: readonly string[];
  /** Null if nothing had to be built. */
  readonly build: BuildSummary | null;
}

/** An upload with all that it needs, not yet published. */
export interface CompleteCode {
  readonly staged: StagedCode;
  readonly build: BuildSummary | null;
  readonly notes: readonly string[];
}

/**
 * Turns an archive into a function. The next start can clean up after a crash at any step: staged code belongs to nobody,
 * published code without a record was never acknowledged, and only the record, which comes last, makes the function
 * exist.
 */
@Injectable()
export class DeployService {
  constructor(
    private readonly lock: FunctionLock,
    private readonly verifier: LoadVerifier,
    private readonly code: CodeStore,
    @Inject(BuildService) private readonly builds: Pick<BuildService, 'complete'>,
    private readonly commits: ChangeCommits,
    private readonly registry: FunctionRegistry,
    private readonly retiredCode: RetiredCode,
    private readonly loadOutcomes: LoadOutcomes,
    private readonly settings: SettingsReader,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Receives the content of `myfunc.zip` for the function `myfunc`; `deploy` or `discard` must follow. Rejects, and
   * leaves nothing, with `INVALID_NAME`, with `FUNCTION_EXISTS`, or as `CodeStore.beginUpload` and `Upload.receive` do.
   */
  async receive(fileName: string, content: Readable): Promise<ReceivedArchive> {
    const name = functionNameOfUpload(fileName);
    // Checked again when the function is recorded; checking here avoids the upload of an archive that cannot be used.
    this.registry.requireFree(name);
    return this.receiveFor(name, content);
  }

  /** Like `receive`, whether or not the function exists. */
  async receiveFor(name: FunctionName, content: Readable): Promise<ReceivedArchive> {
    const upload = await this.code.beginUpload();
    try {
      await upload.receive(content);
      return { name, upload };
    } catch (error) {
      await this.discard({ name, upload });
      throw error;
    }
  }

  /**
   * Rejects with `INVALID_SETTINGS`, with `FUNCTION_EXISTS`, as `Upload.unpack`, `BuildService.complete` and the stores do, or
   * as `strict` says; then nothing has changed.
   */
  async deploy(archive: ReceivedArchive, options: DeployOptions): Promise<Deployment> {
    const { deployed, notes, build } = await this.published(archive, options);
    return { ...(await this.tried(deployed, options)), notes, build };
  }

  /** Verifies that a new function loads, unless that has been done. Never rejects. */
  async tried(
    deployed: DeployedFunction,
    { strict }: Pick<DeployOptions, 'strict'>,
  ): Promise<Omit<Deployment, 'notes' | 'build'>> {
    const outcome = strict ? loads : await this.verifier.tryOut(deployed);
    this.loadOutcomes.tell(deployed, outcome);
    await this.loadOutcomes.written();
    const ofSettings = await this.verifier.settingsWarnings(deployed);
    return { deployed, changes: [], warnings: [...warningsOf(outcome), ...ofSettings] };
  }

  /** Removes what was staged; harmless afterwards, and never rejects. */
  async discard({ name, upload }: ReceivedArchive): Promise<void> {
    try {
      await upload.discard();
    } catch (error) {
      this.log.warn(
        { err: error, function: name },
        'staged code could not be removed; the next start removes it',
      );
    }
  }

  private async published(archive: ReceivedArchive, options: DeployOptions) {
    try {
      // Check the rules before unpacking the archive.
      const settings = this.settings.patched(undefined, options.settings, options.by);
      await this.verifier.requireSandbox(undefined, settings);
      const { staged, notes, build } = await this.unpackAndBuild(archive, settings, options);
      // Only now take the lock of the name: an archive that is refused or being built blocks nobody.
      const create = () => this.createLocked(archive.name, staged, options);
      return { deployed: await this.lock.run(archive.name, create, options.by), notes, build };
    } finally {
      await this.discard(archive);
    }
  }

  /** Rejects as `Upload.unpack` and `BuildService.complete` do. */
  async unpackAndBuild(
    { name, upload }: ReceivedArchive,
    settings: FunctionSettings,
    { by, buildId, cancellation = new Cancellation() }: DeployOptions,
  ): Promise<CompleteCode> {
    const unpacked = await upload.unpack(settings.handler, by?.keyId);
    const request = { functionName: name, settings, keyId: by?.keyId, buildId, cancellation };
    const { code, build, notes } = await this.builds.complete(unpacked, request);
    return { staged: code, build, notes: [...unpacked.notes, ...notes] };
  }

  /** For those who hold the lock of the name. */
  async createLocked(
    name: FunctionName,
    staged: StagedCode,
    { settings, strict, by }: DeployOptions,
  ): Promise<DeployedFunction> {
    const giveBack = this.registry.reserve(name);
    try {
      const chosen = this.settings.patched(undefined, settings, by);
      const deployed = this.newFunction(name, staged, chosen, by?.keyId ?? null);
      await this.record(deployed, staged, strict);
      return deployed;
    } finally {
      giveBack();
    }
  }

  private async record(deployed: DeployedFunction, staged: StagedCode, strict: boolean): Promise<void> {
    await staged.publish(deployed.name, deployed.version.id);
    const removeCode = () => this.retiredCode.remove(versionKeyOf(deployed));
    if (strict) {
      await this.verifier.requireLoadable(deployed).catch(async (error: unknown) => {
        await removeCode();
        throw error;
      });
    }
    await this.commits.insert(deployed, {
      notMade: async () => {
        this.verifier.abandon(deployed);
        await removeCode();
      },
    });
  }

  private newFunction(
    name: FunctionName,
    { sha256, codeSha256, codeBytes, fileCount }: StagedCode,
    settings: FunctionSettings,
    publishedBy: string | null,
  ): DeployedFunction {
    const createdAt = this.clock.wallTime();
    const code = { sha256, codeSha256, codeBytes, fileCount };
    return {
      id: randomUUID(),
      name,
      revision: 1,
      version: {
        id: randomUUID(),
        number: 1,
        ...code,
        createdAt,
        publishedBy,
        publishedWith: settings.chosen,
      },
      settings,
      secrets: [],
      loadFailure: null,
      createdAt,
      lastInvokedAt: null,
      invokeCount: 0,
    };
  }
}
