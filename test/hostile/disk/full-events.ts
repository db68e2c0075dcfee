import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Answer } from '../../support/client.js';
import { allEvents } from '../events/listed-events.js';
import type { HostileServer } from '../server.js';
import { fillUpTo } from './fill-up.js';

/** Its events only wait, so that they can be counted. */
const name = 'waits';
const waiting = `/events?function=${name}&state=queued`;
const body = 'x'.repeat(64 * 1024);
/** Accepted at the same time, they share a write to the disk. */
const atOnce = 4;
/** More than any of the small disks has room for: room that deleted ones have left is used again. */
const most = 1000;

/** The disk fills up while events are accepted and deleted: what is acknowledged is so, and what is refused never was. */
export class FullEvents {
  private acknowledged = new Set<string>();

  private constructor(private readonly server: HostileServer) {}

  static async on(server: HostileServer): Promise<FullEvents> {
    const settings = { maxConcurrency: 0, maxQueuedEvents: 2 * most };
    await server.client.deploy(name, 'exports.handler = () => 1;', settings);
    return new FullEvents(server);
  }

  /** Resolves with whether it deleted what had been accepted although the disk was full. */
  async acceptAndDelete(freeBytes: number): Promise<boolean> {
    const { directory } = this.server;
    const filler = join(directory, 'filler');
    await this.accept();
    let isDeleted: boolean;
    try {
      await fillUpTo(filler, directory, freeBytes);
      await this.acceptUntilRefused();
      isDeleted = await this.delete();
    } finally {
      await rm(filler, { force: true });
    }
    if (!(await this.accept())) throw new Error('It accepts nothing where there is room again.');
    if (!(await this.delete())) throw new Error('It deletes nothing where there is room again.');
    return isDeleted;
  }

  private async acceptUntilRefused(): Promise<void> {
    while (this.acknowledged.size < most) {
      const accepted = await Promise.all(Array.from({ length: atOnce }, () => this.accept()));
      if (accepted.includes(false)) return this.requireExact();
    }
    await this.requireExact();
    throw new Error(`${this.acknowledged.size} events have found room on a full disk.`);
  }

  /** False where there is no room for it. */
  private async accept(): Promise<boolean> {
    const answer = await this.server.client.invoke(name, body, { prefer: 'respond-async' });
    if (this.isRefusal(answer)) return false;
    if (answer.status !== 202) throw new Error(`Accepting: ${answer.status} ${answer.text}`);
    this.acknowledged.add((answer.json as { id: string }).id);
    return true;
  }

  /** All of them or, where there is no room for it, none. */
  private async delete(): Promise<boolean> {
    const answer = await this.server.client.send('DELETE', waiting);
    const isRefused = this.isRefusal(answer);
    if (!isRefused) {
      if (answer.status !== 200) throw new Error(`Deleting: ${answer.status} ${answer.text}`);
      this.acknowledged.clear();
    }
    await this.requireExact();
    return !isRefused;
  }

  private isRefusal({ status, code, text }: Answer): boolean {
    if (text.includes(this.server.directory)) throw new Error(`It tells a path: ${text}`);
    return status === 507 && code === 'INSUFFICIENT_STORAGE';
  }

  private async requireExact(): Promise<void> {
    const listed = (await allEvents(this.server.client, name)).map(({ id }) => id);
    const missing = [...this.acknowledged].filter((id) => !listed.includes(id));
    const extra = listed.filter((id) => !this.acknowledged.has(id));
    if (missing.length > 0) throw new Error(`Acknowledged, and not there: ${missing.join()}`);
    if (extra.length > 0) throw new Error(`Refused or deleted, and there: ${extra.join()}`);
  }
}
