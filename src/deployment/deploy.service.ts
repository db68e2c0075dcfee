import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { CodeStore, type StagedCode, type Upload } from '../code/store/code-store.js';
import { RetiredCode } from '../code/store/retired-code.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { FunctionEvents } from '../functions/function-events.js';
import { functionNameOfUpload, type FunctionName } from '../functions/function-name.js';
import { FunctionRegistry, versionKeyOf } from '../functions/function-registry.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import { LoadOutcomes, loads, warningsOf } from '../functions/load-outcomes.js';
import type { SettingChange } from '../functions/settings/setting-changes.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { Candidates } from './candidates.js';
import { ChangeTurns } from './change-turns.js';
import type { Changer } from './changer.js';
import { SettingsReader } from './settings-reader.js';

/** An upload that has arrived whole; nobody has looked inside yet. */
export interface ReceivedArchive {
  readonly name: FunctionName;
  readonly upload: Upload;
}

/** What comes along with an archive. */
export interface DeployOptions {
  /** A JSON merge patch of the function's settings; `{}` changes nothing. */
  readonly settings: unknown;
  /** Refuse code that does not load also where no version is there that could go on. */
  readonly strict: boolean;
  readonly by?: Changer;
}

export interface Deployment {
  readonly deployed: DeployedFunction;
  /** Of a function that was there already. */
  readonly changes: readonly SettingChange[];
  /** For whoever deploys it: its calls are likely to fail, or that could not be told. */
  readonly warnings: readonly string[];
  /** How the archive was read, where that is not plain. */
  readonly notes: readonly string[];
}

/**
 * Makes an archive a function. Each step leaves the disk so that a crash right after it can be swept up at the next
 * start: staged code belongs to nobody, published code without a record was never acknowledged, and the record, which
 * comes last, is what makes the function exist.
 */
@Injectable()
export class DeployService {
  constructor(
    private readonly turns: ChangeTurns,
    private readonly candidates: Candidates,
    private readonly code: CodeStore,
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    private readonly retiredCode: RetiredCode,
    private readonly events: FunctionEvents,
    private readonly loadOutcomes: LoadOutcomes,
    private readonly settings: SettingsReader,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /**
   * Takes in the content of `myfunc.zip` for the function `myfunc`; `deploy` or `discard` must follow. Rejects, and
   * leaves nothing, with `INVALID_NAME`, with `FUNCTION_EXISTS`, or as `CodeStore.beginUpload` and `Upload.receive` do.
   */
  async receive(fileName: string, content: Readable): Promise<ReceivedArchive> {
    const name = functionNameOfUpload(fileName);
    // Asked again when the name is taken for good; here it spares the upload of an archive that cannot be used.
    this.registry.requireFree(name);
    return this.receiveFor(name, content);
  }

  /** As `receive`, whether there is a function of this name or not. */
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
   * Rejects with `INVALID_SETTINGS`, with `FUNCTION_EXISTS`, as `Upload.unpack` and the stores do, or as `strict` says; then
   * nothing has changed.
   */
  async deploy(archive: ReceivedArchive, options: DeployOptions): Promise<Deployment> {
    const { deployed, notes } = await this.published(archive, options);
    return { ...(await this.announced(deployed, options)), notes };
  }

  /** Tells the modules above of a new function, and tries it out unless that has been done. Never rejects. */
  async announced(
    deployed: DeployedFunction,
    { strict }: Pick<DeployOptions, 'strict'>,
  ): Promise<Omit<Deployment, 'notes'>> {
    this.events.deployed(deployed);
    const outcome = strict ? loads : await this.candidates.tryOut(deployed);
    this.loadOutcomes.tell(deployed, outcome);
    await this.loadOutcomes.written();
    const ofSettings = await this.candidates.settingsWarnings(deployed.settings);
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
      // What breaks a rule is refused before its archive is unpacked.
      const { handler } = this.settings.patched(undefined, options.settings, options.by);
      const staged = await archive.upload.unpack(handler, options.by?.keyId);
      // Until here deployments of one name do not know of each other: an archive that is refused blocks nobody.
      const create = () => this.createInTurn(archive.name, staged, options);
      return { deployed: await this.turns.take(archive.name, create, options.by), notes: staged.notes };
    } finally {
      await this.discard(archive);
    }
  }

  /** For those who have the turn of the name. */
  async createInTurn(
    name: FunctionName,
    staged: StagedCode,
    { settings, strict, by }: DeployOptions,
  ): Promise<DeployedFunction> {
    const giveBack = this.registry.reserve(name);
    try {
      const deployed = this.newFunction(name, staged, this.settings.patched(undefined, settings, by));
      await this.record(deployed, staged, strict);
      this.registry.register(deployed);
      return deployed;
    } finally {
      giveBack();
    }
  }

  private async record(deployed: DeployedFunction, staged: StagedCode, strict: boolean): Promise<void> {
    await staged.publish(deployed.name, deployed.version.id);
    try {
      if (strict) await this.candidates.requireLoadable(deployed);
      await this.store.insert(deployed).catch((error: unknown) => {
        this.candidates.abandon(deployed);
        throw error;
      });
    } catch (error) {
      await this.retiredCode.remove(versionKeyOf(deployed));
      throw error;
    }
  }

  private newFunction(name: FunctionName, staged: StagedCode, settings: FunctionSettings): DeployedFunction {
    const createdAt = this.clock.wallTime();
    const { sha256, codeSha256, codeBytes, fileCount } = staged;
    return {
      id: randomUUID(),
      name,
      revision: 1,
      version: { id: randomUUID(), number: 1, sha256, codeSha256, codeBytes, fileCount, createdAt },
      settings,
      secrets: [],
      loadFailure: null,
      createdAt,
      lastInvokedAt: null,
      invokeCount: 0,
    };
  }
}
