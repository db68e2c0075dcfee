import { randomBytes } from 'node:crypto';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { TestRegistry } from '../../support/builds/test-registry.js';
import { zipOf } from '../../support/zip.js';
import type { HostileServer } from '../server.js';
import { fillUpTo } from './fill-up.js';

const cacheEntry = /^[0-9a-f]{64}-[0-9a-f]{64}\.zip$/;
const dependencies = { needed: '^1.0.0' };

/** The disk fills up while a build runs: its code has arrived, what it makes has not. */
export class FullBuilds {
  private fill: () => Promise<void> = () => Promise.resolve();
  private readonly opened: Promise<TestRegistry>;

  constructor() {
    const files = { 'large.txt': randomBytes(100 * 1024).toString('hex') };
    this.opened = TestRegistry.open({ needed: { files } }, () => this.fill());
  }

  async settings(): Promise<Readonly<Record<string, string>>> {
    return { GLAMBDAR_BUILD_REGISTRIES: (await this.opened).url };
  }

  /** A deployment with so many bytes free from the moment when npm asks for the package. */
  async deployWith(freeBytes: number, { client, directory }: HostileServer) {
    const cache = join(directory, 'build-cache');
    // What is in it would spare the build.
    await rm(cache, { recursive: true, force: true });
    const filler = join(directory, 'filler');
    const asked = { isFull: false };
    this.fill = async () => {
      if (asked.isFull) return;
      asked.isFull = true;
      await fillUpTo(filler, directory, freeBytes);
    };
    try {
      const answer = await client.upload('new.zip', await this.code());
      if (!asked.isFull) throw new Error(`Nothing was built: ${answer.status} ${answer.text}`);
      const half = (await readdir(cache).catch(() => [])).filter((name) => !cacheEntry.test(name));
      if (half.length > 0) throw new Error(`Half a cache: ${half.join()}`);
      return answer;
    } finally {
      this.fill = () => Promise.resolve();
      await rm(filler, { force: true });
    }
  }

  async code(): Promise<Buffer> {
    const registry = await this.opened;
    return zipOf({
      'index.js': `exports.handler = () => require('needed') && 'new';`,
      'package.json': JSON.stringify({ name: 'app', dependencies }),
      'package-lock.json': registry.lockFile(dependencies),
    });
  }

  async close(): Promise<void> {
    (await this.opened).close();
  }
}
