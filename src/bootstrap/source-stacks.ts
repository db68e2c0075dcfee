import { readFileSync } from 'node:fs';
import { SourceMap, type SourceMapPayload } from 'node:module';
import { fileURLToPath } from 'node:url';

/** A place in a compiled file, as a stack names it. */
const compiledPlace = /(file:\/\/[^()]+\.js):(\d+):(\d+)/;

interface Site extends NodeJS.CallSite {
  toString(): string;
}

/**
 * From now on stacks of errors name lines of the sources, for compiled files whose URLs begin with `root`. A map is read when a
 * stack needs it. Node's own support reads and keeps each map as its module is loaded, and most are never needed.
 */
export function nameSources(root: string): void {
  const prepare = Error.prepareStackTrace.bind(Error);
  /** By the places in compiled files: there are no more than errors come from, and those that come again cost nothing. */
  const known = new Map<string, string>();
  const sourceOf = (place: string, file: string, line: number, column: number) => {
    const source = known.get(place) ?? lookUp(file, line, column) ?? place;
    known.set(place, source);
    return source;
  };
  Error.prepareStackTrace = (error, sites: readonly Site[]) => {
    const named = sites.map((site) => {
      const text = site
        .toString()
        .replace(compiledPlace, (place, file: string, line, column) =>
          file.startsWith(root) ? sourceOf(place, file, Number(line), Number(column)) : place,
        );
      // Nothing but its text is asked for.
      return { toString: () => text } as Site;
    });
    return prepare(error, named) as unknown;
  };
}

/** Undefined for what has no map that can be read. */
function lookUp(file: string, line: number, column: number): string | undefined {
  try {
    const payload = JSON.parse(readFileSync(`${fileURLToPath(file)}.map`, 'utf8')) as SourceMapPayload;
    const origin = new SourceMap(payload).findOrigin(line, column);
    if (!('fileName' in origin)) return undefined;
    return `${new URL(origin.fileName, file).href}:${origin.lineNumber}:${origin.columnNumber}`;
  } catch {
    return undefined;
  }
}
