import { randomUUID } from 'node:crypto';
import { chmod, mkdir, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { isAbsolute, join } from 'node:path';
import { CommandError } from '../errors/command-error.js';
import type { Host } from '../host.js';
import { parseProfile, type Profile } from './profile.js';

/** As the XDG Base Directory Specification has it, on macOS as well, like most tools of the command line. */
export function configDirectory({ environment, homeDirectory }: Pick<Host, 'environment' | 'homeDirectory'>) {
  const { XDG_CONFIG_HOME = '' } = environment;
  return join(isAbsolute(XDG_CONFIG_HOME) ? XDG_CONFIG_HOME : join(homeDirectory, '.config'), 'glambdar');
}

/** Profiles, each in a file of its own that only its owner can read, so that two logins at once do not undo each other. */
export class ProfileStore {
  private readonly directory: string;

  constructor(configDirectory: string) {
    this.directory = join(configDirectory, 'profiles');
  }

  /** @throws CommandError where others can read it, or it cannot be read */
  async read(name: string): Promise<Profile | undefined> {
    const path = this.pathOf(name);
    try {
      const { mode } = await stat(path);
      if ((mode & 0o077) !== 0)
        throw new CommandError(
          'refused',
          `Other users of this machine can read ${path}, which holds a key.`,
          `Run \`chmod 600 ${path}\`. If somebody may have read it, revoke the key and log in with another.`,
        );
      const profile = parseProfile(await readFile(path, 'utf8'));
      if (profile === undefined)
        throw new CommandError(
          'refused',
          `${path} is not a profile.`,
          'Delete it and run `glambdar login` again.',
        );
      return profile;
    } catch (error) {
      if (isMissing(error)) return undefined;
      throw unusable(error, path);
    }
  }

  /** Readers find the earlier profile or this one, whole. */
  async write(name: string, profile: Profile): Promise<string> {
    const path = this.pathOf(name);
    const temporary = `${path}.${randomUUID()}`;
    try {
      await mkdir(this.directory, { recursive: true, mode: 0o700 });
      await chmod(this.directory, 0o700);
      const file = await open(temporary, 'wx', 0o600);
      try {
        await file.writeFile(`${JSON.stringify(profile, null, 2)}\n`);
        await file.sync();
      } finally {
        await file.close();
      }
      await rename(temporary, path);
      return path;
    } catch (error) {
      await rm(temporary, { force: true }).catch(() => undefined);
      throw unusable(error, path);
    }
  }

  /** Whether there was one. */
  async remove(name: string): Promise<boolean> {
    const path = this.pathOf(name);
    try {
      await rm(path);
      return true;
    } catch (error) {
      if (isMissing(error)) return false;
      throw unusable(error, path);
    }
  }

  async names(): Promise<string[]> {
    try {
      const files = await readdir(this.directory);
      return files.flatMap((file) => /^([\w-]+)\.json$/.exec(file)?.[1] ?? []).sort();
    } catch (error) {
      if (isMissing(error)) return [];
      throw unusable(error, this.directory);
    }
  }

  private pathOf(name: string): string {
    return join(this.directory, `${name}.json`);
  }
}

function isMissing(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}

function unusable(error: unknown, path: string): Error {
  if (error instanceof CommandError) return error;
  const { code = 'unknown' } = error as NodeJS.ErrnoException;
  return new CommandError(
    'refused',
    `${path} cannot be used (${code}).`,
    'Check who owns it and that the disk has room.',
  );
}
