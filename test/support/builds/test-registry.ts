import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { integrityOf, tarballOf } from './tarball.js';

export interface TestPackage {
  readonly version?: string;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly bin?: Readonly<Record<string, string>>;
  readonly files?: Readonly<Record<string, string>>;
}

type Packages = Readonly<Record<string, TestPackage>>;

/** A registry of packages on this machine, as npm asks it. */
export class TestRegistry {
  /** Paths that were asked for. */
  readonly asked: string[] = [];
  private readonly server: Server;
  private readonly tarballs: ReadonlyMap<string, Buffer>;

  private constructor(
    private readonly packages: Packages,
    beforeAnswer: () => Promise<void>,
  ) {
    this.tarballs = new Map(
      Object.entries(packages).map(([name, content]) => [name, tarballOf(filesOf(name, content))]),
    );
    this.server = createServer((request, response) => {
      beforeAnswer().then(
        () => {
          this.answer(request, response);
        },
        () => response.destroy(),
      );
    });
  }

  /** `beforeAnswer` is awaited before each answer. */
  static async open(
    packages: Packages,
    beforeAnswer: () => Promise<void> = () => Promise.resolve(),
  ): Promise<TestRegistry> {
    const registry = new TestRegistry(packages, beforeAnswer);
    registry.server.listen(0, '127.0.0.1');
    await once(registry.server, 'listening');
    return registry;
  }

  get host(): string {
    return `127.0.0.1:${(this.server.address() as AddressInfo).port}`;
  }

  get url(): string {
    return `http://${this.host}/`;
  }

  /** A lock file that names these packages as they are here. */
  lockFile(
    dependencies: Readonly<Record<string, string>>,
    names: readonly string[] = Object.keys(this.packages),
  ): string {
    const packages: Record<string, object> = { '': { name: 'app', dependencies } };
    for (const name of names) packages[`node_modules/${name}`] = this.release(name);
    return JSON.stringify({
      name: 'app',
      lockfileVersion: 3,
      requires: true,
      packages,
    });
  }

  close(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private answer({ url = '' }: IncomingMessage, response: ServerResponse): void {
    this.asked.push(url);
    const name = decodeURIComponent(url.slice(1)).replace(/\/-\/.*$/, '');
    const tarball = this.tarballs.get(name);
    if (!tarball) {
      response.writeHead(404, { 'content-type': 'application/json' }).end('{"error":"not found"}');
    } else if (url.endsWith('.tgz')) {
      response.end(tarball);
    } else {
      const release = this.release(name);
      const document = {
        name,
        'dist-tags': { latest: release.version },
        versions: { [release.version]: release },
      };
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(document));
    }
  }

  private release(name: string) {
    const { version = '1.0.0', dependencies, scripts, bin } = this.packages[name] ?? {};
    const tarball = `${this.url}${name}/-/${name}-${version}.tgz`;
    const integrity = integrityOf(this.tarballs.get(name) ?? Buffer.alloc(0));
    const hasInstallScript = scripts !== undefined;
    const fields = { dependencies, scripts, bin };
    return {
      name,
      version,
      ...fields,
      hasInstallScript,
      resolved: tarball,
      integrity,
      dist: { tarball, integrity },
    };
  }
}

function filesOf(name: string, { version = '1.0.0', files = {}, ...fields }: TestPackage) {
  return {
    'package.json': JSON.stringify({ name, version, ...fields }),
    'index.js': `module.exports = '${name}';`,
    ...files,
  };
}
