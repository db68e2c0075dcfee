import { randomBytes } from 'node:crypto';
import { chmodSync, type Dirent } from 'node:fs';
import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { Installation } from '../common/installation/installation.js';
import { ReadScheduler } from '../common/read-scheduler/read-scheduler.js';
import { Clock } from '../common/time/clock.js';
import { ipcSettings, type IpcSettings } from './ipc.settings.js';
import type { Dialect } from './dialect.js';
import { PeerEndpoint, socketFile } from './peer-endpoint.js';
import { workerDialect, type WorkerEndpoint } from './worker-dialect.js';

/** Linux takes 107 bytes, macOS 103; Node cuts a longer path silently and listens somewhere else. */
const maxSocketPathBytes = 103;
const idBytes = 6;
const idPattern = /^[0-9a-f]{12}$/;

/** Opens sockets for workers: one directory each under the installation's run directory. */
@Injectable()
export class IpcService {
  private readonly openIds = new Set<string>();

  constructor(
    private readonly installation: Installation,
    private readonly clock: Clock,
    private readonly readScheduler: ReadScheduler,
    @Inject(ipcSettings.config.KEY) private readonly settings: IpcSettings,
  ) {}

  /** Endpoints not yet closed: after all calls have ended, only those of idle containers. */
  get openEndpoints(): number {
    return this.openIds.size;
  }

  /** Largest body of a function's response, in bytes; the worker gets it, so that it does not send more in vain. */
  get maxResultBytes(): number {
    return this.settings.maxResultBytes;
  }

  /**
   * At boot, before any `open`: removes what an earlier server of this installation left. Resolves with the names of what
   * is not ours, which stays.
   */
  async sweep(): Promise<readonly string[]> {
    const entries = await readdir(this.installation.node.run, { withFileTypes: true });
    const isOurs = (entry: Dirent) => entry.isDirectory() && idPattern.test(entry.name);
    const left = entries.filter((entry) => isOurs(entry) && !this.openIds.has(entry.name));
    await Promise.all(
      left.map(({ name }) => rm(join(this.installation.node.run, name), { recursive: true })),
    );
    return entries.filter((entry) => !isOurs(entry)).map(({ name }) => `run/${name}`);
  }

  /** A socket that a worker can connect to. Rejects with `RUNTIME_UNAVAILABLE` when the disk or the process is full. */
  open(): Promise<WorkerEndpoint> {
    return this.openFor(workerDialect(this.settings));
  }

  /** The same for another program than a worker. */
  async openFor<Incoming, Outgoing, Session>(
    dialect: Dialect<Incoming, Outgoing, Session>,
  ): Promise<PeerEndpoint<Incoming, Outgoing, Session>> {
    const id = randomBytes(idBytes).toString('hex');
    this.openIds.add(id);
    const directory = join(this.installation.node.run, id);
    const { clock, readScheduler } = this;
    const { frameTimeoutMs } = this.settings;
    const endpoint = new PeerEndpoint(id, directory, clock, dialect, frameTimeoutMs, readScheduler, () =>
      this.openIds.delete(id),
    );
    try {
      refuseLongPath(directory);
      await makeEndpointDirectory(directory);
      await endpoint.listen();
      return endpoint;
    } catch (cause) {
      // The first failure is the one to report; what a second leaves behind is removed at the next boot.
      await endpoint.close().catch(() => undefined);
      throw new DomainError(
        'RUNTIME_UNAVAILABLE',
        'The socket for a container could not be created; try again shortly.',
        { retryAfterMs: 1000 },
        { cause },
      );
    }
  }
}

function refuseLongPath(directory: string): void {
  const pathBytes = Buffer.byteLength(join(directory, socketFile));
  if (pathBytes <= maxSocketPathBytes) return;
  throw new Error(
    `A socket's path may have ${maxSocketPathBytes} bytes; in ${directory} it has ${pathBytes}.`,
  );
}

/**
 * Open to the container's user; the run directory above keeps everyone else on this machine out. `code` is where the
 * function's code is mounted: the mount point has to exist, for in the container the directory is read-only.
 */
async function makeEndpointDirectory(directory: string): Promise<void> {
  for (const made of [directory, join(directory, 'code')]) {
    await mkdir(made);
    // Not in another thread: the way there and back takes longer, and every call of a new container waits for it.
    chmodSync(made, 0o755);
  }
}
