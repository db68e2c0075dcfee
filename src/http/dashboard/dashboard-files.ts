import { Injectable } from '@nestjs/common';
import { hash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { extname, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompress, constants, gzip } from 'node:zlib';
import { promisify } from 'node:util';

/** How a file may be sent, in the order of preference. */
export const codings = ['br', 'gzip'] as const;

export type Coding = (typeof codings)[number];

/** A file of the dashboard, ready to be sent. */
export interface DashboardFile {
  readonly content: Buffer;
  /** Only where it is smaller than the content itself. */
  readonly compressed: Readonly<Partial<Record<Coding, Buffer>>>;
  /** Changes with the content. */
  readonly etag: string;
}

/** Where a client finds the page itself, whichever of its views it asks for. */
export const pageFile = 'index.html';

const compress: Readonly<Record<Coding, (content: Buffer) => Promise<Buffer>>> = {
  br: (content) =>
    promisify(brotliCompress)(content, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: content.length } }),
  gzip: (content) => promisify(gzip)(content, { level: constants.Z_BEST_COMPRESSION }),
};

/** Formats that are compressed already. */
const compressedTypes = new Set(['.png', '.webp', '.jpg', '.woff2', '.ico']);

/**
 * The files that the build has made of the dashboard: each is read and compressed when somebody first asks for it, and then
 * kept, so that a server whose dashboard nobody opens holds nothing of it.
 */
@Injectable()
export class DashboardFiles {
  /** Where the build has put them. Tests bind another directory: they have no build. */
  readonly built: string = fileURLToPath(new URL('../../../ui', import.meta.url));
  private names: Promise<ReadonlySet<string>> | undefined;
  private readonly files = new Map<string, Promise<DashboardFile>>();

  /**
   * The file at this path below the dashboard's; undefined if there is none. Names are looked up in the list of what the build
   * has made, and never joined to a path before.
   */
  async find(name: string): Promise<DashboardFile | undefined> {
    const names = await (this.names ??= this.list());
    if (!names.has(name)) return undefined;
    const known = this.files.get(name) ?? this.read(name);
    this.files.set(name, known);
    try {
      return await known;
    } catch {
      // Another build has taken the place of the one that was listed.
      this.names = undefined;
      this.files.clear();
      return undefined;
    }
  }

  /** Empty where there is no build, which is looked for again: it may be being made. */
  private async list(): Promise<ReadonlySet<string>> {
    const entries = await readdir(this.built, { recursive: true, withFileTypes: true }).catch(() => []);
    const files = entries.filter((entry) => entry.isFile());
    if (files.length === 0) this.names = undefined;
    return new Set(
      files.map(({ parentPath, name }) => relative(this.built, join(parentPath, name)).replaceAll(sep, '/')),
    );
  }

  private async read(name: string): Promise<DashboardFile> {
    const content = await readFile(join(this.built, name));
    const etag = hash('sha256', content, 'base64url').slice(0, 22);
    if (compressedTypes.has(extname(name))) return { content, compressed: {}, etag };
    const made = await Promise.all(
      codings.map(async (coding) => [coding, await compress[coding](content)] as const),
    );
    const smaller = made.filter(([, bytes]) => bytes.length < content.length);
    return { content, compressed: Object.fromEntries(smaller), etag };
  }
}
