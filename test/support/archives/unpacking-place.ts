import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ArchiveLimits } from '../../../src/code/archive/archive-limits.js';
import { unpack, type UnpackedCode, type UnpackRequest } from '../../../src/code/archive/unpack.js';
import { removeTree } from '../../../src/code/store/directory-tree.js';
import { defaultLimits } from './default-limits.js';

/** A directory in which a spec unpacks one archive after the other, in its own process. */
export class UnpackingPlace {
  private constructor(readonly path: string) {}

  static async make(): Promise<UnpackingPlace> {
    return new UnpackingPlace(await mkdtemp(join(tmpdir(), 'glambdar-unpack-')));
  }

  get codePath(): string {
    return join(this.path, 'staging', 'code');
  }

  async requestFor(archive: Buffer, limits: ArchiveLimits = defaultLimits): Promise<UnpackRequest> {
    const staging = join(this.path, 'staging');
    await removeTree(staging);
    await mkdir(staging);
    const archivePath = join(staging, 'upload.zip');
    await writeFile(archivePath, archive);
    return {
      archivePath,
      targetDirectory: this.codePath,
      limits,
      handler: 'index.handler',
      reserveBytes: 0,
    };
  }

  async unpack(archive: Buffer, limits?: ArchiveLimits): Promise<UnpackedCode> {
    return unpack(await this.requestFor(archive, limits));
  }

  /** What lies here beside the staging directory: a safe unpacking leaves nothing. */
  async strayFiles(): Promise<string[]> {
    const staged = existsSync(join(this.path, 'staging')) ? await readdir(join(this.path, 'staging')) : [];
    const beside = await readdir(this.path);
    return [
      ...beside.filter((name) => name !== 'staging'),
      ...staged.filter((name) => !['upload.zip', 'code'].includes(name)),
    ];
  }

  async remove(): Promise<void> {
    await removeTree(this.path);
  }
}
