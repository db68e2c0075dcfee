import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable } from '@nestjs/common';

/** What a container's user is called inside it, whatever its id. */
const userName = 'function';

/** Where its `HOME` is. There is no shell that it could have. */
const home = '/tmp';
const noShell = '/nonexistent';

/**
 * What a container finds in `/etc`: who its user is, for everything that asks by user id (`os.userInfo()`, `getpwuid`,
 * `getgrgid`). Each container has files of its own: one that several read would be a means to
 * meet, by locks. The image's `/etc/passwd` and `/etc/group` are links to them.
 */
@Injectable()
export class OwnFiles {
  async write(runDirectory: string, id: number): Promise<void> {
    await Promise.all([
      writeForAll(join(runDirectory, 'passwd'), passwd(id)),
      writeForAll(join(runDirectory, 'group'), group(id)),
    ]);
  }
}

function passwd(id: number): string {
  return [
    `root:x:0:0:root:/:${noShell}`,
    `${userName}:x:${id}:${id}:${userName}:${home}:${noShell}`,
    `nobody:x:65534:65534:nobody:${home}:${noShell}`,
    '',
  ].join('\n');
}

function group(id: number): string {
  return ['root:x:0:', `${userName}:x:${id}:`, 'nogroup:x:65534:', ''].join('\n');
}

/** The container reads it as another user, whatever the server's umask is. */
async function writeForAll(path: string, content: string): Promise<void> {
  await writeFile(path, content);
  await chmod(path, 0o644);
}
