import { randomUUID } from 'node:crypto';
import { lstat, readFile, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { systemErrorCode } from '../../../common/errors/storage-failure.js';
import type { Log } from '../../../common/log/log.js';
import { contentDamage, directoryDamage } from './image-damage.js';
import { parseImageList } from './image-list.js';

export interface OciImage {
  /** A whole file system, which nobody but root can change. */
  readonly rootDirectory: string;
  /** What its programs start with, unless told otherwise. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Names that are one step below a directory each, and never hidden. */
const referencePattern = /^([a-z0-9][a-z0-9._-]*):([A-Za-z0-9_][A-Za-z0-9._-]*)$/;

/**
 * The unpacked images of this machine: `<directory>/<repository>/<tag>/{rootfs/, image.json}`. Each is compared with its
 * list when it is first opened, byte by byte. A damaged one counts as missing and is put aside, so that it is made again.
 */
export class OciImages {
  private readonly opened = new Map<string, Promise<OciImage | undefined>>();

  constructor(
    private readonly directory: string,
    private readonly log: Log,
    /** Whom everything in an image has to belong to. */
    private readonly owner = 0,
  ) {}

  /** Never rejects; undefined where there is no such image, or it is not what was once made. */
  open(reference: string): Promise<OciImage | undefined> {
    const known = this.opened.get(reference);
    if (known) return known;
    const opening = this.verify(reference).then((image) => {
      if (!image) this.opened.delete(reference);
      return image;
    });
    this.opened.set(reference, opening);
    return opening;
  }

  private async verify(reference: string): Promise<OciImage | undefined> {
    const [, repository, tag] = referencePattern.exec(reference) ?? [];
    if (repository === undefined || tag === undefined) return undefined;
    const place = join(this.directory, repository, tag);
    try {
      return await this.read(reference, place);
    } catch (error) {
      // Between the making of its directory and now, somebody may have removed it.
      if (!isMissing(error)) this.log.warn({ err: error, image: reference }, 'an image cannot be read');
      else if (!(await isGone(place))) await this.putAside(reference, place, 'a part is missing');
      return undefined;
    }
  }

  private async read(reference: string, place: string): Promise<OciImage | undefined> {
    const rootDirectory = join(place, 'rootfs');
    for (const directory of [place, dirname(place), this.directory]) {
      const damage = await directoryDamage(directory, this.owner);
      if (damage === undefined) continue;
      // An image made again would be no safer there.
      this.log.error(
        { image: reference, directory, damage },
        'an image is not used: its directory has to belong to root alone',
      );
      return undefined;
    }
    const list = parseImageList(await readFile(join(place, 'image.json'), 'utf8'));
    const damage =
      list?.reference === reference
        ? ((await rootDamage(rootDirectory, this.owner)) ??
          (await contentDamage(rootDirectory, list.entries, this.owner)))
        : 'image.json does not tell of this image';
    if (list && damage === undefined) return { rootDirectory, environment: list.environment };
    await this.putAside(reference, place, damage ?? 'image.json cannot be read');
    return undefined;
  }

  /** Under a name that is no image's: containers may still run on it, and the next image made clears it away. */
  private async putAside(image: string, place: string, damage: string): Promise<void> {
    const aside = join(dirname(place), `.${randomUUID()}.${process.pid}`);
    try {
      await rename(place, aside);
      this.log.warn({ image, damage }, 'an image is damaged and has to be made again');
    } catch (error) {
      this.log.warn({ err: error, image, damage }, 'an image is damaged and could not be put aside');
    }
  }
}

async function rootDamage(root: string, owner: number): Promise<string | undefined> {
  const damage = await directoryDamage(root, owner);
  return damage === undefined ? undefined : `rootfs ${damage}`;
}

function isMissing(error: unknown): boolean {
  return systemErrorCode(error) === 'ENOENT';
}

function isGone(place: string): Promise<boolean> {
  return lstat(place).then(() => false, isMissing);
}
