import yauzl, { getFileNameLowLevel } from 'yauzl';
import { isUtf8 } from 'node:buffer';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readFile, readlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import type { ArchiveLimits } from '../../../src/code/archive/archive-limits.js';
import { archiveSettings, limitsFrom } from '../../../src/code/archive/archive.settings.js';
import { unpack, type UnpackedCode, type UnpackRequest } from '../../../src/code/archive/unpack.js';
import { removeTree } from '../../../src/code/store/directory-tree.js';
import type { SettingsOf } from '../../../src/common/settings/settings.js';

/** The settings as they are when the environment sets none. */
export const defaultArchiveSettings = Object.fromEntries(
  Object.entries(archiveSettings.definitions).map(([name, { defaultValue }]) => [name, defaultValue]),
) as SettingsOf<typeof archiveSettings>;

export const defaultLimits: ArchiveLimits = limitsFrom(defaultArchiveSettings);

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

  /** The entries beside the staging directory: a safe unpacking leaves nothing. */
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

/** Every file below a directory, as `path -> content`; a link's content is `-> target`, a directory ends in a slash. */
export async function filesBelow(directory: string): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  for (const entry of await readdir(directory, { withFileTypes: true, recursive: true })) {
    const path = join(entry.parentPath, entry.name);
    const name = relative(directory, path);
    if (entry.isDirectory()) files.set(`${name}/`, Buffer.alloc(0));
    else if (entry.isSymbolicLink()) files.set(name, Buffer.from(`-> ${await readlink(path)}`));
    else files.set(name, await readFile(path));
  }
  return files;
}

/** What another reader makes of an archive: the content of every file and link by its name in the archive. */
export async function filesByYauzl(archive: Buffer): Promise<Map<string, Buffer>> {
  const zip = await yauzl.fromBufferPromise(archive, { decodeStrings: false, lazyEntries: true });
  const files = new Map<string, Buffer>();
  for await (const entry of zip.eachEntry()) {
    // Most tools write UTF-8 without its flag, which yauzl believes to be missing for a reason.
    const flags = isUtf8(entry.fileNameRaw) ? 0x800 : 0;
    const name = getFileNameLowLevel(flags, entry.fileNameRaw, entry.extraFields, false);
    if (/[\\/]$/.test(name)) continue;
    const chunks: Buffer[] = [];
    for await (const chunk of await zip.openReadStreamPromise(entry)) chunks.push(chunk as Buffer);
    files.set(name.replaceAll('\\', '/').replace(/^\.\//, ''), Buffer.concat(chunks));
  }
  return files;
}
