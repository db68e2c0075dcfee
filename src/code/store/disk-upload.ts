import { join } from 'node:path';
import { DomainError } from '../../common/errors/domain-error.js';
import { answeringForStorage } from '../../common/errors/storage-failure.js';
import type { FunctionName } from '../../functions/function-name.js';
import type { ArchiveLimits } from '../archive/archive-limits.js';
import type { UnpackedCode } from '../archive/unpack.js';
import type { Unpacker } from '../thread/unpacker.js';
import type { CodeDirectory } from './code-directory.js';
import type { StagedCode, Upload } from './code-store.js';
import { removeTree } from './directory-tree.js';
import { moveDurably } from './durable-move.js';
import { receiveArchive } from './received-archive.js';

/** What an upload needs of its store. */
export interface UploadSurroundings {
  readonly directory: CodeDirectory;
  readonly unpacker: Unpacker;
  readonly limits: ArchiveLimits;
  readonly reserveBytes: number;
}

/** One upload in a staging directory of its own, which nothing else reads or writes. */
export class DiskUpload implements Upload {
  private readonly stop = new AbortController();
  private unpacking: Promise<UnpackedCode> | undefined;
  private unpacked: UnpackedCode | undefined;

  constructor(
    /** Exists, is empty, and is this upload's alone. */
    private readonly staging: string,
    private readonly surroundings: UploadSurroundings,
  ) {}

  get sha256(): string | undefined {
    return this.unpacked?.sha256;
  }

  receive(content: NodeJS.ReadableStream): Promise<void> {
    return receiveArchive(content, this.archivePath, this.surroundings.limits.maxArchiveBytes);
  }

  async unpack(handler: string, keyId: string | undefined): Promise<StagedCode> {
    const { unpacker, limits, reserveBytes } = this.surroundings;
    const { archivePath, codePath: targetDirectory } = this;
    const request = { archivePath, targetDirectory, limits, handler, reserveBytes };
    this.unpacking = unpacker.unpack(request, this.stop.signal, keyId);
    this.unpacked = await this.unpacking;
    return {
      ...this.unpacked,
      publish: (name, versionId) => this.publish(name, versionId),
      discard: () => this.discard(),
    };
  }

  async discard(): Promise<void> {
    this.stop.abort(new DomainError('CLIENT_CLOSED', 'The deployment was cancelled.'));
    // Removing while the thread still writes would leave its last files behind.
    await this.unpacking?.catch(() => undefined);
    await answeringForStorage(() => removeTree(this.staging));
  }

  private publish(name: FunctionName, versionId: string): Promise<void> {
    const target = this.surroundings.directory.ofVersion({ name, versionId });
    return answeringForStorage(() => moveDurably(this.codePath, target));
  }

  private get archivePath(): string {
    return join(this.staging, 'upload.zip');
  }

  private get codePath(): string {
    return join(this.staging, 'code');
  }
}
