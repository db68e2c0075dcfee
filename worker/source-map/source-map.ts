import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';

/** A position in a text; both count from 0. */
interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a segment of generated code came from. */
interface Segment extends Position {
  /** Index into the map's sources. */
  readonly source: number;
}

const semicolon = 0x3b;
const comma = 0x2c;
const continuation = 32;

/** What each character stands for in base 64; of others the low bits are as good as any. */
const digits = new Int8Array(128);
const alphabet = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/';
for (let value = 0; value < alphabet.length; value += 1) digits[alphabet.charCodeAt(value)] = value;

/**
 * The segment of a map that a position in the generated code belongs to: the last that starts at or before it on its
 * line.
 * Reads the `mappings` (https://tc39.es/ecma426/) from the front and keeps nothing of them, because taken apart they
 * would need many times their own memory.
 */
function findSegment(mappings: string, { line, column }: Position): Segment | undefined {
  const fields = [0, 0, 0, 0, 0];
  let found: Segment | undefined;
  let atLine = 0;
  let field = 0;
  let value = 0;
  let shift = 0;
  const endSegment = () => {
    const [at = 0, source = 0, sourceLine = 0, sourceColumn = 0] = fields;
    if (field > 0 && atLine === line && at <= column) {
      // A segment of one field is code that came from nowhere.
      found = field >= 4 ? { source, line: sourceLine, column: sourceColumn } : undefined;
    }
    const isBeyond = field > 0 && atLine === line && at > column;
    field = 0;
    value = 0;
    shift = 0;
    return isBeyond;
  };
  for (let index = 0; index < mappings.length; index += 1) {
    const character = mappings.charCodeAt(index);
    if (character === semicolon || character === comma) {
      if (endSegment()) return found;
      if (character === comma) continue;
      if (atLine === line) return found;
      atLine += 1;
      fields[0] = 0;
      continue;
    }
    const digit = digits[character & 127] ?? 0;
    value += (digit & 31) << shift;
    shift += 5;
    if (digit >= continuation) continue;
    if (field < fields.length)
      fields[field] = (fields[field] ?? 0) + ((value & 1) === 1 ? -(value >>> 1) : value >>> 1);
    field += 1;
    value = 0;
    shift = 0;
  }
  endSegment();
  return found;
}

/** A position in a file that the generated code was built from. */
export interface SourcePosition extends Position {
  /** As the map writes it, below its root. */
  readonly source: string;
}

type Fields = Readonly<Record<string, unknown>>;

/** A source map, version 3, as far as stacks need it: a tool or anybody may have written it. */
export class SourceMap {
  private constructor(
    private readonly mappings: string,
    private readonly sources: readonly string[],
    private readonly sections: readonly { readonly offset: Position; readonly map: SourceMap }[],
  ) {}

  /** Of JSON that was parsed; the sources' contents, most of a map, are not kept. Undefined where it is no map. */
  static from(json: unknown): SourceMap | undefined {
    if (!isFields(json)) return undefined;
    const { mappings, sources, sourceRoot, sections } = json;
    if (Array.isArray(sections)) return new SourceMap('', [], sections.flatMap(sectionOf));
    if (typeof mappings !== 'string' || !Array.isArray(sources)) return undefined;
    const root =
      typeof sourceRoot === 'string' && sourceRoot !== '' ? `${sourceRoot.replace(/\/$/, '')}/` : '';
    const names = sources.map((source: unknown) => (typeof source === 'string' ? root + source : ''));
    return new SourceMap(mappings, names, []);
  }

  /** Undefined for code that came from nowhere. */
  find(position: Position): SourcePosition | undefined {
    if (this.sections.length > 0) return this.findInSection(position);
    const segment = findSegment(this.mappings, position);
    const source = segment && this.sources[segment.source];
    if (!segment || source === undefined || source === '' || segment.line < 0 || segment.column < 0) {
      return undefined;
    }
    return { source, line: segment.line, column: segment.column };
  }

  /** Bundles of bundles have maps of maps: of each, the section that starts last before the position. */
  private findInSection({ line, column }: Position): SourcePosition | undefined {
    const section = this.sections.findLast(
      ({ offset }) => offset.line < line || (offset.line === line && offset.column <= column),
    );
    if (!section) return undefined;
    const { offset, map } = section;
    return map.find({
      line: line - offset.line,
      column: line === offset.line ? column - offset.column : column,
    });
  }
}

function sectionOf(section: unknown): { offset: Position; map: SourceMap }[] {
  if (!isFields(section) || !isFields(section['offset']) || !isFields(section['map'])) return [];
  const { line, column } = section['offset'];
  // A section holds no sections: a map nested without end must not be one.
  const map = 'sections' in section['map'] ? undefined : SourceMap.from(section['map']);
  return map && typeof line === 'number' && typeof column === 'number'
    ? [{ offset: { line, column }, map }]
    : [];
}

function isFields(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** More takes longer to read than a stack is worth. */
const maxMapBytes = 16 * 1024 * 1024;

/** What reading a map takes of the heap at most, for each of its bytes: its text, twice, and what is parsed of it. */
const heapBytesPerByte = 6;

const comment = /^[#@]\s*sourceMappingURL=\s*(\S+)/;
const marker = Buffer.from('sourceMappingURL=');

/**
 * The map of a file in the function's directory, inline or beside it; undefined where it has none, where the map is
 * elsewhere, or where there is no room to read it. May throw.
 */
export function readSourceMap(file: string, codeDirectory: string): SourceMap | undefined {
  const url = mappingUrlIn(file);
  const text =
    url?.startsWith('data:') === true ? inlineMap(url) : url && mapBeside(file, url, codeDirectory);
  return text === undefined || text === ''
    ? undefined
    : SourceMap.from(JSON.parse(text.replace(/^\)\]\}'[^\n]*\n/, '')));
}

/** As the last comment of the code says it; text of the code that looks like one earlier on is none. */
function mappingUrlIn(file: string): string | undefined {
  if (!mayRead(statSync(file).size)) return undefined;
  const code = readFileSync(file);
  const at = code.lastIndexOf(marker);
  const start = at < 0 ? -1 : code.lastIndexOf('//', at);
  if (start < 0) return undefined;
  return comment.exec(code.toString('utf8', start + 2).trimEnd())?.[1];
}

function inlineMap(url: string): string | undefined {
  const dataAt = url.indexOf(',') + 1;
  if (dataAt === 0 || !mayRead(url.length)) return undefined;
  const data = url.slice(dataAt);
  return url.slice(0, dataAt).endsWith(';base64,')
    ? Buffer.from(data, 'base64').toString('utf8')
    : decodeURIComponent(data);
}

function mapBeside(file: string, url: string, codeDirectory: string): string | undefined {
  const path = resolve(dirname(file), decodeURIComponent(url));
  if (!path.startsWith(codeDirectory + sep)) return undefined;
  const { size } = statSync(path);
  return mayRead(size) ? readFileSync(path, 'utf8') : undefined;
}

/** A function that works with the memory it has must not run out of it because its stack is shown. */
function mayRead(bytes: number): boolean {
  // Loaded here, because most workers never need it.
  const v8 = process.getBuiltinModule('node:v8');
  const { heap_size_limit: limit, used_heap_size: used } = v8.getHeapStatistics();
  return bytes <= maxMapBytes && bytes * heapBytesPerByte <= limit - used;
}
