/** A place in a text; both count from 0. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

/** Where a piece of generated code came from. */
export interface Segment extends Position {
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
 * The segment of a map that a place in the generated code belongs to: the last that begins at or before it on its line.
 * Reads the `mappings` (https://tc39.es/ecma426/) from the front and keeps nothing of them, because taken apart they
 * would need many times their own memory.
 */
export function findSegment(mappings: string, { line, column }: Position): Segment | undefined {
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
