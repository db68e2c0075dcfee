import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { CodeStore, type Sweep, type Upload } from '../../src/code/store/code-store.js';
import type { VersionKey } from '../../src/functions/function.js';

/** Code that exists only as empty directories, for tests in which nobody runs it. */
export class TemporaryCodeStore extends CodeStore {
  constructor(private readonly directory: string) {
    super();
  }

  override beginUpload(): Promise<Upload> {
    throw new Error('nothing is uploaded in these tests');
  }

  override directoryOf({ name, versionId }: VersionKey): string {
    return join(this.directory, 'functions', name, versionId);
  }

  override async remove(): Promise<void> {
    // Nothing lies on the disk.
  }

  override async linkInto(_version: VersionKey, targetDirectory: string): Promise<void> {
    await mkdir(targetDirectory);
  }

  override async unlinkFrom(targetDirectory: string): Promise<void> {
    await rm(targetDirectory, { recursive: true, force: true });
  }

  override async sweep(): Promise<Sweep> {
    return { missing: [], foreign: [] };
  }
}
