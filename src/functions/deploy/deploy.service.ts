import { randomUUID } from 'node:crypto';
import type { Readable } from 'node:stream';
import { Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { Candidates } from '../candidates.js';
import { ChangeTurns } from '../change-turns.js';
import { CodeStore, type StagedCode, type Upload } from '../code/code-store.js';
import { FunctionEvents } from '../function-events.js';
import { functionNameOfUpload, type FunctionName } from '../function-name.js';
import { FunctionRegistry, versionKeyOf } from '../function-registry.js';
import type { DeployedFunction, FunctionSettings } from '../function.js';
import { RetiredCode } from '../retired-code.js';
import { FunctionStore } from '../store/function-store.js';

/** An upload that has arrived whole; nobody has looked inside yet. */
export interface ReceivedArchive {
  readonly name: FunctionName;
  readonly upload: Upload;
}

export interface Deployment {
  readonly deployed: DeployedFunction;
  /** Why calls of it are likely to fail, by its code or its settings; empty when nothing is known. */
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

  /** Rejects with `FUNCTION_EXISTS`, or as `Upload.unpack` and the stores do; then nothing has changed. */
  async deploy(archive: ReceivedArchive, settings: FunctionSettings): Promise<Deployment> {
    const { deployed, notes } = await this.published(archive, settings);
    return { deployed, warnings: await this.announce(deployed), notes };
  }

  /** Tells the modules above of a new function, and gives the warnings for whoever deployed it. Never rejects. */
  async announce(deployed: DeployedFunction): Promise<readonly string[]> {
    this.events.deployed(deployed);
    const ofCode = await this.candidates.warningsFor(deployed);
    return [...ofCode, ...(await this.candidates.settingsWarnings(deployed.settings))];
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

  private async published(archive: ReceivedArchive, settings: FunctionSettings) {
    try {
      const staged = await archive.upload.unpack(settings.handler);
      // Until here deployments of one name do not know of each other: an archive that is refused blocks nobody.
      const create = () => this.createInTurn(archive.name, staged, settings);
      return { deployed: await this.turns.take(archive.name, create), notes: staged.notes };
    } finally {
      await this.discard(archive);
    }
  }

  /** For those who have the turn of the name. */
  async createInTurn(
    name: FunctionName,
    staged: StagedCode,
    settings: FunctionSettings,
  ): Promise<DeployedFunction> {
    const giveBack = this.registry.reserve(name);
    try {
      const deployed = this.newFunction(name, staged, settings);
      await this.record(deployed, staged);
      this.registry.register(deployed);
      return deployed;
    } finally {
      giveBack();
    }
  }

  private async record(deployed: DeployedFunction, staged: StagedCode): Promise<void> {
    await staged.publish(deployed.name, deployed.version.id);
    try {
      await this.store.insert(deployed);
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
      createdAt,
      lastInvokedAt: null,
      invokeCount: 0,
    };
  }
}
