import { randomUUID } from 'node:crypto';
import { lstatSync } from 'node:fs';
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

interface Verified {
  readonly image: OciImage;
  /** Which directory was compared; another one that has its place, or a change of it, tells here. */
  readonly root: string;
}

/** Names that are one step below a directory each, and never hidden. */
const referencePattern = /^([a-z0-9][a-z0-9._-]*):([A-Za-z0-9_][A-Za-z0-9._-]*)$/;

/**
 * The unpacked images of this machine: `<directory>/<repository>/<tag>/{rootfs/, image.json}`. Each is compared with its
 * list when it is first opened, byte by byte, and again when its root is another one than it was. A damaged one counts as
 * missing and is put aside, so that it is made again.
 */
export class OciImages {
  private readonly opened = new Map<string, Promise<Verified | undefined>>();

  constructor(
    private readonly directory: string,
    private readonly log: Log,
    /** Whom everything in an image has to belong to. */
    private readonly owner = 0,
  ) {}

  /**
   * Never rejects; undefined where there is no such image, or it is not what was once made. The same object for as long as
   * it is the same image.
   */
  async open(reference: string): Promise<OciImage | undefined> {
    const known = this.opened.get(reference);
    const verified = await known;
    if (verified && verified.root === rootState(verified.image.rootDirectory)) return verified.image;
    if (known && this.opened.get(reference) === known) this.opened.delete(reference);
    return (await this.verifyOnce(reference))?.image;
  }

  /** However many ask at a time. */
  private verifyOnce(reference: string): Promise<Verified | undefined> {
    const running = this.opened.get(reference);
    if (running) return running;
    const verifying = this.verify(reference).then((verified) => {
      if (!verified) this.opened.delete(reference);
      return verified;
    });
    this.opened.set(reference, verifying);
    return verifying;
  }

  private async verify(reference: string): Promise<Verified | undefined> {
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

  private async read(reference: string, place: string): Promise<Verified | undefined> {
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
    const root = rootState(rootDirectory);
    const list = parseImageList(await readFile(join(place, 'image.json'), 'utf8'));
    const damage =
      list?.reference === reference
        ? ((await rootDamage(rootDirectory, this.owner)) ??
          (await contentDamage(rootDirectory, list.entries, this.owner)))
        : 'image.json does not tell of this image';
    if (list && root !== undefined && damage === undefined)
      return { image: { rootDirectory, environment: list.environment }, root };
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

/** Undefined where there is none. Asked for every container, so without a turn of the event loop. */
function rootState(root: string): string | undefined {
  try {
    const { dev, ino, ctimeNs } = lstatSync(root, { bigint: true });
    return `${dev}:${ino}:${ctimeNs}`;
  } catch {
    return undefined;
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
