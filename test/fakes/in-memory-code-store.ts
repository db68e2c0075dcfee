import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { archiveRefusal } from '../../src/code/archive/archive-refusal.js';
import { openContents } from '../../src/code/archive/entry-content.js';
import { validateArchive } from '../../src/code/archive/archive-validator.js';
import {
  CodeStore,
  codeUnavailable,
  type CodeCopy,
  type StagedCode,
  type Sweep,
  type Upload,
} from '../../src/code/store/code-store.js';
import { Holds } from '../../src/code/store/disk-code-store.js';
import { DomainError } from '../../src/common/errors/domain-error.js';
import { directoryNameOf } from '../../src/functions/function-name.js';
import type { VersionKey } from '../../src/functions/function.js';
import { defaultLimits } from '../support/archives/unpacking.js';

export type CodeFiles = ReadonlyMap<string, Buffer>;
export type CodeStoreStep =
  'beginUpload' | 'receive' | 'unpack' | 'add' | 'publish' | 'remove' | 'linkInto' | 'sweep';

/** Code without a disk. Archives pass the real validator; the contract suite of `CodeStore` runs on it as well. */
export class InMemoryCodeStore extends CodeStore {
  /** By host directory: published versions and what `linkInto` made. */
  readonly directories = new Map<string, CodeFiles>();
  readonly staged = new Set<Upload>();
  /** Uploads that have ever begun. */
  begun = 0;
  private readonly failures = new Map<CodeStoreStep, Error>();
  private readonly holds = new Holds();

  constructor(private readonly limits = defaultLimits) {
    super();
  }

  /** The next time this step is taken it rejects with `error` and does nothing. */
  failNext(step: CodeStoreStep, error: Error): void {
    this.failures.set(step, error);
  }

  override async beginUpload(): Promise<Upload> {
    this.fail('beginUpload');
    let archive = Buffer.alloc(0);
    let sha256: string | undefined;
    const upload: Upload = {
      get sha256() {
        return sha256;
      },
      receive: async (content) => {
        this.fail('receive');
        archive = await this.collect(content);
      },
      unpack: async (handler) => {
        this.fail('unpack');
        const staged = this.unpacked(archive, handler, upload);
        sha256 = staged.sha256;
        return staged;
      },
      discard: async () => {
        this.staged.delete(upload);
      },
    };
    this.staged.add(upload);
    this.begun += 1;
    return upload;
  }

  /** Where a version is in `directories`, whether it is there or not. */
  directoryOf({ name, versionId }: VersionKey): string {
    return `/code/functions/${directoryNameOf(name)}/${versionId}`;
  }

  override async localCopy(version: VersionKey): Promise<CodeCopy> {
    const directory = this.directoryOf(version);
    if (!this.directories.has(directory)) throw codeUnavailable();
    return { directory, release: this.holds.take(directory) };
  }

  override async remove(version: VersionKey): Promise<void> {
    this.fail('remove');
    const directory = this.directoryOf(version);
    await this.holds.whenFree(directory, async () => {
      this.directories.delete(directory);
    });
  }

  override async linkInto(version: VersionKey, targetDirectory: string): Promise<void> {
    this.fail('linkInto');
    const files = this.directories.get(this.directoryOf(version));
    if (files === undefined) throw codeUnavailable();
    if (this.directories.has(targetDirectory)) {
      throw new DomainError('STORAGE_UNAVAILABLE', 'Something is in its place.');
    }
    this.directories.set(targetDirectory, files);
  }

  override async unlinkFrom(targetDirectory: string): Promise<void> {
    this.directories.delete(targetDirectory);
  }

  override async sweep(known: readonly VersionKey[]): Promise<Sweep> {
    this.fail('sweep');
    this.staged.clear();
    const recorded = new Set(known.map((version) => this.directoryOf(version)));
    for (const directory of this.directories.keys()) {
      if (directory.startsWith('/code/functions/') && !recorded.has(directory))
        this.directories.delete(directory);
    }
    const missing = known.filter((version) => !this.directories.has(this.directoryOf(version)));
    return { missing, foreign: [] };
  }

  private unpacked(archive: Buffer, handler: string, upload: Upload): StagedCode {
    const { files, notes } = this.filesIn(archive, handler);
    const sha256 = createHash('sha256').update(archive).digest('hex');
    return this.stagedCode(upload, files, { sha256, notes });
  }

  private filesIn(archive: Buffer, handler: string | null) {
    const approved = validateArchive(archive, this.limits, handler);
    const read = openContents(archive, approved, ({ start, end }) => archive.subarray(start, end));
    const entries = approved.entries.filter(({ kind }) => kind !== 'directory');
    const files: CodeFiles = new Map(entries.map((entry) => [entry.segments.join('/'), read(entry)]));
    return { files, notes: approved.notes };
  }

  private stagedCode(
    upload: Upload,
    files: CodeFiles,
    { sha256, notes }: Pick<StagedCode, 'sha256' | 'notes'>,
  ): StagedCode {
    const codeBytes = [...files.values()].reduce((sum, content) => sum + content.length, 0);
    return {
      sha256,
      notes,
      codeSha256: createHash('sha256')
        .update(JSON.stringify([...files]))
        .digest('hex'),
      codeBytes,
      fileCount: files.size,
      directory: '/code/staging/code',
      scratchDirectory: '/code/staging',
      files: {
        read: async (path, maxBytes) => {
          const content = files.get(path);
          if (content && content.length > maxBytes) throw new RangeError('too long');
          return content;
        },
        has: async (path) => [...files.keys()].some((name) => name === path || name.startsWith(`${path}/`)),
      },
      add: async (archivePath) => {
        this.fail('add');
        const more = this.filesIn(await readFile(archivePath), null).files;
        const taken = [...more.keys()].find((path) =>
          [...files.keys()].some((there) => `${path}/`.startsWith(`${there}/`)),
        );
        if (taken !== undefined) throw archiveRefusal('path_conflict', 'A file is in the archive already.');
        return this.stagedCode(upload, new Map([...files, ...more]), { sha256, notes });
      },
      publish: async (name, versionId) => {
        this.fail('publish');
        this.directories.set(this.directoryOf({ name, versionId }), files);
      },
      discard: () => upload.discard(),
    };
  }

  private async collect(content: NodeJS.ReadableStream): Promise<Buffer<ArrayBuffer>> {
    const chunks: Buffer[] = [];
    let receivedBytes = 0;
    try {
      for await (const chunk of content) {
        chunks.push(Buffer.from(chunk as Buffer));
        receivedBytes += chunk.length;
        if (receivedBytes > this.limits.maxArchiveBytes)
          throw archiveRefusal('archive_too_large', 'The archive is too large.');
      }
    } catch (error) {
      if (error instanceof DomainError) throw error;
      throw new DomainError(
        'CLIENT_CLOSED',
        'The upload ended before it was complete.',
        {},
        { cause: error },
      );
    }
    return Buffer.concat(chunks);
  }

  private fail(step: CodeStoreStep): void {
    const error = this.failures.get(step);
    this.failures.delete(step);
    if (error) throw error;
  }
}
