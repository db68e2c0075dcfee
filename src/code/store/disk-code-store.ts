import { Inject, Injectable } from '@nestjs/common';
import { randomUUID } from 'node:crypto';
import { chmod, mkdir, rename, stat, statfs } from 'node:fs/promises';
import { join } from 'node:path';
import { DomainError } from '../../common/errors/domain-error.js';
import {
  answeringForStorage,
  insufficientStorage,
  systemErrorCode,
} from '../../common/errors/storage-failure.js';
import type { SettingsOf } from '../../common/settings/settings.js';
import type { FunctionName } from '../../functions/function-name.js';
import type { VersionKey } from '../../functions/function.js';
import type { ArchiveLimits } from '../archive/archive-limits.js';
import { archiveSettings, limitsFrom } from '../archive/archive.settings.js';
import type { UnpackedCode } from '../archive/unpack.js';
import { codeSettings } from '../code.settings.js';
import { Unpacker } from '../thread/unpacker.js';
import { CodeDirectory, removeIfEmpty, sweepCode } from './code-directory.js';
import {
  type CodeCopy,
  CodeStore,
  codeUnavailable,
  type StagedCode,
  type Sweep,
  type Upload,
} from './code-store.js';
import { linkTree, moveDurably, removeTree } from './directory-tree.js';
import { FilesBelow } from './files-below.js';
import { receiveArchive } from './received-archive.js';

/** Counts who uses something by its key, and puts off what must not happen while anybody does. */
export class Holds {
  private readonly byKey = new Map<string, { count: number; whenFree: (() => Promise<void>) | undefined }>();

  /** The returned function releases it; calling it again does nothing. */
  take(key: string): () => void {
    const hold = this.byKey.get(key) ?? { count: 0, whenFree: undefined };
    this.byKey.set(key, hold);
    hold.count += 1;
    let isReleased = false;
    return () => {
      if (isReleased) return;
      isReleased = true;
      hold.count -= 1;
      if (hold.count > 0) return;
      this.byKey.delete(key);
      // The next start finds what fails this late.
      hold.whenFree?.().catch(() => undefined);
    };
  }

  /** Does it now and settles as it does, or resolves at once and does it with the last release. */
  async whenFree(key: string, action: () => Promise<void>): Promise<void> {
    const hold = this.byKey.get(key);
    if (hold) hold.whenFree = action;
    else await action();
  }
}

const bytesPerMiB = 1024 * 1024;
const ownerOnly = 0o700;

/**
 * Code on a local disk: `functions/<name>/<version id>/` for what is published, `staging/<uuid>/` for what is not yet.
 * A version appears by one rename and disappears by one, so no crash leaves half of it where it could be run.
 */
@Injectable()
export class DiskCodeStore extends CodeStore {
  private readonly limits: ArchiveLimits;
  private readonly reserveBytes: number;
  private readonly holds = new Holds();

  constructor(
    private readonly directory: CodeDirectory,
    private readonly unpacker: Unpacker,
    @Inject(archiveSettings.config.KEY) archive: SettingsOf<typeof archiveSettings>,
    @Inject(codeSettings.config.KEY) code: SettingsOf<typeof codeSettings>,
  ) {
    super();
    this.limits = limitsFrom(archive);
    this.reserveBytes = code.diskReserveMiB * bytesPerMiB;
  }

  override beginUpload(): Promise<Upload> {
    return answeringForStorage(async () => {
      const staging = await this.newStagingPath();
      const { bavail, bsize } = await statfs(this.directory.staging);
      if (bavail * bsize < this.limits.maxArchiveBytes + this.reserveBytes) throw insufficientStorage();
      await mkdir(staging, { mode: ownerOnly });
      const { directory, unpacker, limits, reserveBytes } = this;
      return new DiskUpload(staging, { directory, unpacker, limits, reserveBytes });
    });
  }

  override localCopy(version: VersionKey): Promise<CodeCopy> {
    return answeringForStorage(async () => {
      const directory = this.directory.ofVersion(version);
      // Held before it is looked for: nobody removes it in between.
      const release = this.holds.take(directory);
      try {
        if (!(await stat(directory)).isDirectory()) throw codeUnavailable();
        return { directory, release };
      } catch (error) {
        release();
        throw ['ENOENT', 'ENOTDIR'].includes(systemErrorCode(error) ?? '') ? codeUnavailable(error) : error;
      }
    });
  }

  override remove(version: VersionKey): Promise<void> {
    const path = this.directory.ofVersion(version);
    return this.holds.whenFree(path, () => this.removeNow(path, version));
  }

  private removeNow(path: string, version: VersionKey): Promise<void> {
    return answeringForStorage(async () => {
      const leaving = await this.newStagingPath();
      if (!(await moveAway(path, leaving))) return;
      await removeTree(leaving);
      await removeIfEmpty(this.directory.ofFunction(version.name));
    });
  }

  override linkInto(version: VersionKey, targetDirectory: string): Promise<void> {
    return answeringForStorage(async () => {
      const { directory, release } = await this.localCopy(version);
      try {
        await linkTree(directory, targetDirectory);
      } finally {
        release();
      }
    });
  }

  override unlinkFrom(targetDirectory: string): Promise<void> {
    return answeringForStorage(() => removeTree(targetDirectory));
  }

  override sweep(known: readonly VersionKey[]): Promise<Sweep> {
    return answeringForStorage(() => sweepCode(this.directory, known));
  }

  private async newStagingPath(): Promise<string> {
    await mkdir(this.directory.staging, { recursive: true, mode: ownerOnly });
    return join(this.directory.staging, randomUUID());
  }
}

/** Moves a published tree, of which only the topmost directory must be writable; false when there is none. */
async function moveAway(path: string, target: string): Promise<boolean> {
  try {
    await chmod(path, ownerOnly);
    await rename(path, target);
    return true;
  } catch (error) {
    if (systemErrorCode(error) === 'ENOENT') return false;
    throw error;
  }
}

/** What an upload needs of its store. */
interface UploadSurroundings {
  readonly directory: CodeDirectory;
  readonly unpacker: Unpacker;
  readonly limits: ArchiveLimits;
  readonly reserveBytes: number;
}

/** One upload in a staging directory of its own, which nothing else reads or writes. */
class DiskUpload implements Upload {
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

  unpack(handler: string, keyId: string | undefined): Promise<StagedCode> {
    const { unpacker, limits, reserveBytes } = this.surroundings;
    const { archivePath, codePath: targetDirectory } = this;
    const request = { archivePath, targetDirectory, limits, handler, reserveBytes };
    return this.staged(unpacker.unpack(request, this.stop.signal, keyId), keyId);
  }

  private add(archivePath: string, tree: UnpackedCode, keyId: string | undefined): Promise<StagedCode> {
    const { unpacker, limits, reserveBytes } = this.surroundings;
    const { codePath: treeDirectory } = this;
    const targetDirectory = join(this.staging, 'addition');
    const request = { archivePath, targetDirectory, treeDirectory, tree, limits, reserveBytes };
    return this.staged(unpacker.add(request, this.stop.signal, keyId), keyId);
  }

  private async staged(unpacking: Promise<UnpackedCode>, keyId: string | undefined): Promise<StagedCode> {
    this.unpacking = unpacking;
    const unpacked = await unpacking;
    this.unpacked = unpacked;
    return {
      ...unpacked,
      directory: this.codePath,
      files: new FilesBelow(this.codePath),
      scratchDirectory: this.staging,
      add: (archivePath) => this.add(archivePath, unpacked, keyId),
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
