const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/**
 * Whether JSON in UTF-8 is nested deeper than so many levels, told from its bytes alone and before it is parsed: whoever
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
