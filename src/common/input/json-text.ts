const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Deepest nesting of JSON that a client sends. Whatever is done with it afterwards may then be done by recursion. */
export const maxInputDepth = 100;

/** Invalid bytes are an error and not replaced; a byte order mark at the beginning is passed over. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON in UTF-8. Throws for anything else, and for what is nested too deep. */
export function parseJson(bytes: Uint8Array): { readonly value: unknown; readonly text: string } {
  if (isDeeperThan(bytes, maxInputDepth)) throw new SyntaxError('The JSON is nested too deep.');
  const text = utf8.decode(bytes);
  return { value: JSON.parse(text) as unknown, text };
}

/**
 * Whether JSON in UTF-8 is nested deeper than so many levels, seen from its bytes alone and before it is parsed: whoever
 * walks the parsed value by recursion would exhaust the stack. Every byte of a multi-byte character is above the ones
 * compared here.
 */
export function isDeeperThan(json: Uint8Array, maxDepth: number): boolean {
  // Fewer bytes than brackets needed: most messages end here.
  if (json.length <= maxDepth) return false;
  let depth = 0;
  let insideString = false;
  for (let index = 0; index < json.length; index += 1) {
    const byte = json[index];
    if (insideString) {
      if (byte === backslash) index += 1;
      else if (byte === quote) insideString = false;
    } else if (byte === quote) insideString = true;
    else if (byte === openBrace || byte === openBracket) {
      depth += 1;
      if (depth > maxDepth) return true;
    } else if (byte === closeBrace || byte === closeBracket) depth -= 1;
  }
  return false;
}

/** Strings, those that are names with their colon, and whatever opens or closes a level. */
const tokens = /("(?:[^"\\]|\\.)*")(\s*:)?|[{}[\]]/g;

/**
 * The way to the first name that stands twice in one object, outermost name first; undefined where none does. Parsers take
 * the last of them and say nothing. The text has been parsed.
 */
export function repeatedName(json: string): readonly string[] | undefined {
  const levels: { readonly names: Set<string>; last: string | undefined }[] = [];
  for (const [token, literal, colon] of json.matchAll(tokens)) {
    if (token === '{' || token === '[') levels.push({ names: new Set(), last: undefined });
    else if (token === '}' || token === ']') levels.pop();
    const level = levels.at(-1);
    if (!level || literal === undefined || colon === undefined) continue;
    const name = JSON.parse(literal) as string;
    level.last = name;
    if (level.names.has(name)) return levels.flatMap(({ last }) => (last === undefined ? [] : [last]));
    level.names.add(name);
  }
  return undefined;
}
