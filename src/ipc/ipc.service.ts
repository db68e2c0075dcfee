import { randomBytes } from 'node:crypto';
import { chmod, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { Installation } from '../common/installation/installation.js';
import { Clock } from '../common/time/clock.js';
import { ipcSettings, type IpcSettings } from './ipc.settings.js';
import { WorkerEndpoint } from './worker-endpoint.js';

/** Linux takes 107 bytes, macOS 103; Node cuts a longer path silently and listens somewhere else. */
const maxSocketPathBytes = 103;
const idBytes = 6;

/** Opens sockets for workers: one directory each under the installation's run directory. */
@Injectable()
export class IpcService {
  private readonly openIds = new Set<string>();
  private preparing: Promise<void> | undefined;

  constructor(
    private readonly installation: Installation,
    private readonly clock: Clock,
    @Inject(ipcSettings.config.KEY) private readonly settings: IpcSettings,
  ) {}

  /** Endpoints not yet closed: after all calls have ended, none but those of waiting containers. */
  get openEndpoints(): number {
    return this.openIds.size;
  }

  /**
   * At boot, before any `open` and when no other server uses this installation: removes what an earlier server left.
   * Rejects when the installation's path leaves no room for a socket's.
   */
  async sweep(): Promise<void> {
    await this.prepare();
    const names = await readdir(this.installation.run);
    await Promise.all(
      names
        .filter((name) => !this.openIds.has(name))
        .map((name) => rm(this.directoryOf(name), { recursive: true })),
    );
  }

  /** A socket that a worker can connect to. Rejects with `RUNTIME_UNAVAILABLE` when the disk or the process is full. */
  async open(): Promise<WorkerEndpoint> {
    const id = randomBytes(idBytes).toString('hex');
    this.openIds.add(id);
    const directory = this.directoryOf(id);
    const endpoint = new WorkerEndpoint(id, directory, this.clock, this.settings, () =>
      this.openIds.delete(id),
    );
    try {
      await this.prepare();
      await makeEndpointDirectory(directory);
      await endpoint.listen();
      return endpoint;
    } catch (cause) {
      // The first failure is the one to tell; what a second leaves behind goes with the next boot's sweep.
      await endpoint.close().catch(() => undefined);
      throw new DomainError(
        'RUNTIME_UNAVAILABLE',
        'The socket for a container could not be made; try again shortly.',
        { retryAfterMs: 1000 },
        { cause },
      );
    }
  }

  /** Once per server; tried again when it failed. */
  private prepare(): Promise<void> {
    this.preparing ??= makeRunDirectory(this.installation.run).catch((error: unknown) => {
      this.preparing = undefined;
      throw error;
    });
    return this.preparing;
  }

  private directoryOf(id: string): string {
    return join(this.installation.run, id);
  }
}

async function makeRunDirectory(run: string): Promise<void> {
  const pathBytes = Buffer.byteLength(join(run, '0'.repeat(idBytes * 2), 'socket'));
  if (pathBytes > maxSocketPathBytes) {
    throw new Error(
      `Socket paths would have ${pathBytes} bytes and may have ${maxSocketPathBytes}; choose a shorter directory for Glambdar.`,
    );
  }
  await mkdir(run, { recursive: true });
  // Only this server's user gets past here; what lies below is open to the containers' users.
  await chmod(run, 0o700);
}

/** `code` is the place where the function's code is mounted: the directory itself is read-only in the container. */
async function makeEndpointDirectory(directory: string): Promise<void> {
  await mkdir(join(directory, 'code'), { recursive: true });
  await Promise.all([chmod(directory, 0o755), chmod(join(directory, 'code'), 0o755)]);
}
