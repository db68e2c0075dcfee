import { chmod, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Injectable, type OnModuleInit } from '@nestjs/common';
import { Installation } from '../common/installation/installation.js';

const content = '127.0.0.1 localhost\n::1 localhost\n';

/**
 * What `localhost` means inside containers. The engine covers an image's own `/etc/hosts` with an empty file and fills
 * that only for containers with a network, so this one, the same for all, is mounted over it.
 */
@Injectable()
export class HostsFile implements OnModuleInit {
  /** On the host, absolute. */
  readonly path: string;

  constructor(installation: Installation) {
    this.path = join(installation.directory, 'hosts');
  }

  async onModuleInit(): Promise<void> {
    await writeFile(this.path, content);
    // Containers read it as other users, whatever the server's umask is.
    await chmod(this.path, 0o644);
  }
}
