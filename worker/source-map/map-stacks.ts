import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSourceMap, type SourceMap } from './source-map.js';

/** Places that were looked up are kept, so that an error that comes again costs nothing; no more than this. */
const maxPlaces = 1000;

interface Site extends NodeJS.CallSite {
  toString(): string;
}

type Prepare = (error: Error, sites: readonly Site[]) => unknown;

/**
 * From now on the stacks of errors name the places in the sources that the function's code was made from, where the code
 * has a source map. A map is looked for when a stack that needs it is asked for, so code without maps, and code that
 * does not fail, pays nothing. Node's own support reads every map whole when its code is loaded.
 */
export function mapStacks(codeDirectory: string): void {
  const places = new MappedPlaces(codeDirectory);
  const errors = Error as unknown as { prepareStackTrace: Prepare };
  const prepare = errors.prepareStackTrace.bind(Error);
  errors.prepareStackTrace = (error, sites) =>
    prepare(
      error,
      sites.map((site) => places.mapped(site)),
    );
}

class MappedPlaces {
  private readonly maps = new Map<string, SourceMap | undefined>();
  private readonly places = new Map<string, string>();

  constructor(private readonly codeDirectory: string) {}

  /** The site itself, or one that is written with the place in the sources. */
  mapped(site: Site): Site {
    const file = site.getFileName();
    if (typeof file !== 'string' || file.startsWith('node:')) return site;
    const written = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
    const place = this.placeOf(written, site, file);
    if (place === written) return site;
    const text = site.toString().replace(written, () => place);
    // Nothing but its text is asked for.
    return { toString: () => text } as Site;
  }

  private placeOf(written: string, site: Site, file: string): string {
    const known = this.places.get(written);
    if (known !== undefined) return known;
    const place = this.lookUp(site, file) ?? written;
    if (this.places.size >= maxPlaces) this.places.clear();
    this.places.set(written, place);
    return place;
  }

  private lookUp(site: Site, file: string): string | undefined {
    try {
      const path = file.startsWith('file:') ? fileURLToPath(file) : file;
      const position = { line: (site.getLineNumber() ?? 0) - 1, column: (site.getColumnNumber() ?? 0) - 1 };
      const found = this.mapOf(path)?.find(position);
      if (!found) return undefined;
      const source = this.pathOf(found.source, path);
      return `${source}:${found.line + 1}:${found.column + 1}`;
    } catch {
      // A map that cannot be read is none.
      return undefined;
    }
  }

  /** Packages come as their authors made them, without their sources: their own files are the ones to look into. */
  private mapOf(path: string): SourceMap | undefined {
    if (!path.startsWith(this.codeDirectory + sep) || path.includes(`${sep}node_modules${sep}`))
      return undefined;
    if (!this.maps.has(path)) {
      // Kept first, so that a map that cannot be read is tried once.
      this.maps.set(path, undefined);
      this.maps.set(path, readSourceMap(path, this.codeDirectory));
    }
    return this.maps.get(path);
  }

  /**
   * Below the function's directory, whatever the map says: where the code was built is a place that neither its reader
   * nor the container has.
   */
  private pathOf(source: string, generated: string): string {
    const below = generated.slice(this.codeDirectory.length).split(sep).join('/');
    const { pathname } = new URL(source.replaceAll('\\', '/'), `file://${below}`);
    return (
      this.codeDirectory + (pathname.startsWith('/') ? '' : '/') + printable(decodeURIComponent(pathname))
    );
  }
}

/** A name with a line feed in it would look like a frame of its own. */
function printable(name: string): string {
  return name.replace(/[\p{Cc}\p{Zl}\p{Zp}]/gu, '?').slice(0, 1024);
}
