import { sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { readSourceMap, type SourceMap } from './source-map.js';

/** Most locations that are kept once looked up, so that an error that comes again costs nothing. */
const maxLocations = 1000;

interface Site extends NodeJS.CallSite {
  toString(): string;
}

type Prepare = (error: Error, sites: readonly Site[]) => unknown;

/**
 * From now on the stacks of errors name locations in the sources that the function's code was built from, if the code has
 * a source map. A map is read when somebody reads a stack that needs it, so code without maps, and code that does not
 * fail, costs nothing. Node's own support reads every map whole when its code is loaded.
 */
export function mapStacks(codeDirectory: string): void {
  const locations = new MappedLocations(codeDirectory);
  const errors = Error as unknown as { prepareStackTrace: Prepare };
  const prepare = errors.prepareStackTrace.bind(Error);
  errors.prepareStackTrace = (error, sites) =>
    prepare(
      error,
      sites.map((site) => locations.mapped(site)),
    );
}

class MappedLocations {
  private readonly maps = new Map<string, SourceMap | undefined>();
  private readonly locations = new Map<string, string>();

  constructor(private readonly codeDirectory: string) {}

  /** The site itself, or one that is written with the location in the sources. */
  mapped(site: Site): Site {
    const file = site.getFileName();
    if (typeof file !== 'string' || file.startsWith('node:')) return site;
    const written = `${file}:${site.getLineNumber()}:${site.getColumnNumber()}`;
    const location = this.locationOf(written, site, file);
    if (location === written) return site;
    const text = site.toString().replace(written, () => location);
    // Nothing but its text is asked for.
    return { toString: () => text } as Site;
  }

  private locationOf(written: string, site: Site, file: string): string {
    const known = this.locations.get(written);
    if (known !== undefined) return known;
    const location = this.lookUp(site, file) ?? written;
    if (this.locations.size >= maxLocations) this.locations.clear();
    this.locations.set(written, location);
    return location;
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
      // A map that cannot be read does not count.
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
   * Below the function's directory, whatever the map says: where the code was built is a location that neither its reader
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
