import { readFileSync, statSync } from 'node:fs';
import { dirname, resolve, sep } from 'node:path';
import { SourceMap } from './source-map.js';

/** More takes longer to read than a stack is worth. */
const maxMapBytes = 16 * 1024 * 1024;

/** What reading a map takes of the heap at most, for each of its bytes: its text, twice, and what is parsed of it. */
const heapBytesPerByte = 6;

const comment = /^[#@]\s*sourceMappingURL=\s*(\S+)/;
const marker = Buffer.from('sourceMappingURL=');

/**
 * The map of a file in the function's directory, inline or beside it; undefined where it has none, where the map lies
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
