import { createHash, randomUUID } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { link, mkdir, readdir, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { Inject, Injectable } from '@nestjs/common';
import { systemErrorCode } from '../../common/errors/storage-failure.js';
import { Installation } from '../../common/installation/installation.js';
import { Log } from '../../common/log/log.js';
import { Clock } from '../../common/time/clock.js';
import { buildsSettings, type BuildsSettings } from '../builds.settings.js';

/** `<key>-<SHA-256 of the zip>.zip`; what is being put there has another name. */
const entryName = /^([0-9a-f]{64})-([0-9a-f]{64})\.zip$/;
const partName = /^[0-9a-f-]{36}\.part$/;
const bytesPerMiB = 1024 * 1024;
const ownerOnly = 0o700;

interface Entry {
  readonly path: string;
  readonly bytes: number;
  readonly usedAtMs: number;
}

/**
 * Zips of installed packages, by what decides which packages they are. Only what has passed the rules of an upload is put
 * here, and it has to pass them again each time. Losing any of it costs time only, so nothing here fails a build.
 */
@Injectable()
export class BuildCache {
  private readonly limitBytes: number;

  constructor(
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly log: Log,
    @Inject(buildsSettings.config.KEY) { cacheMiB }: BuildsSettings,
  ) {
    this.limitBytes = cacheMiB * bytesPerMiB;
  }

  /** At boot: removes what a crash left half made. Never rejects. */
  async sweep(): Promise<void> {
    try {
      const parts = (await this.names()).filter((name) => partName.test(name));
      await Promise.all(parts.map((name) => rm(join(this.directory, name), { force: true })));
    } catch (err) {
      this.log.warn({ err }, 'the cache of builds could not be swept');
    }
  }

  /** Makes `path`, which must not exist, the zip with this key; false if there is none. Never rejects. */
  async fetch(key: string, path: string): Promise<boolean> {
    try {
      const name = (await this.names()).find((one) => entryName.exec(one)?.[1] === key);
      if (name === undefined) return false;
      const entry = join(this.directory, name);
      // Linked first: what is read then is what is used, whatever is evicted meanwhile.
      await link(entry, path);
      if ((await sha256Of(path)) === entryName.exec(name)?.[2]) {
        const now = this.clock.wallTime();
        await utimes(path, now, now);
        return true;
      }
      await Promise.all([rm(path), rm(entry, { force: true })]);
      return false;
    } catch (err) {
      if (systemErrorCode(err) !== 'ENOENT') this.log.warn({ err }, 'the cache of builds could not be read');
      await rm(path, { force: true }).catch(() => undefined);
      return false;
    }
  }

  /** Keeps the zip at `path`, which is on the same file system, under this key. Never rejects. */
  async store(key: string, path: string): Promise<void> {
    const part = join(this.directory, `${randomUUID()}.part`);
    try {
      const { size } = await stat(path);
      if (size > this.limitBytes) return;
      await mkdir(this.directory, { recursive: true, mode: ownerOnly });
      await this.makeRoomFor(size);
      await link(path, part);
      await rename(part, join(this.directory, `${key}-${await sha256Of(part)}.zip`));
    } catch (err) {
      this.log.warn({ err }, 'installed packages could not be kept for later builds');
      await rm(part, { force: true }).catch(() => undefined);
    }
  }

  private get directory(): string {
    return join(this.installation.directory, 'build-cache');
  }

  private async names(): Promise<string[]> {
    try {
      return await readdir(this.directory);
    } catch (error) {
      if (systemErrorCode(error) === 'ENOENT') return [];
      throw error;
    }
  }

  /** Removes what was not used for longest. */
  private async makeRoomFor(bytes: number): Promise<void> {
    const names = (await this.names()).filter((name) => entryName.test(name));
    const entries = await Promise.all(names.map((name) => this.entryOf(join(this.directory, name))));
    const known = entries.filter((entry) => entry !== undefined);
    let used = known.reduce((sum, entry) => sum + entry.bytes, bytes);
    for (const entry of known.sort((a, b) => a.usedAtMs - b.usedAtMs)) {
      if (used <= this.limitBytes) return;
      await rm(entry.path, { force: true });
      used -= entry.bytes;
    }
  }

  private async entryOf(path: string): Promise<Entry | undefined> {
    try {
      const { size, mtimeMs } = await stat(path);
      return { path, bytes: size, usedAtMs: mtimeMs };
    } catch {
      return undefined;
    }
  }
}

async function sha256Of(path: string): Promise<string> {
  const hash = createHash('sha256');
  await pipeline(createReadStream(path), hash);
  return hash.digest('hex');
}
