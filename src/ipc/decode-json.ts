import { isUtf8 } from 'node:buffer';
import { maxJsonDepth } from './protocol/limits.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';

export type JsonObject = Readonly<Record<string, unknown>>;

const quote = 0x22;
const backslash = 0x5c;
const openBracket = 0x5b;
const closeBracket = 0x5d;
const openBrace = 0x7b;
const closeBrace = 0x7d;

/** Text to object, or a `ProtocolViolation`: invalid UTF-8 is refused, not replaced, and so is deep nesting. */
export function decodeJson(json: Buffer): JsonObject {
  if (!isUtf8(json)) throw new ProtocolViolation('invalid-json', "A frame's JSON is not UTF-8.");
  if (isDeeperThan(json, maxJsonDepth)) {
    throw new ProtocolViolation('invalid-json', `A frame's JSON is nested deeper than ${maxJsonDepth}.`);
  }
  const value = parse(json.toString('utf8'));
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new ProtocolViolation('invalid-json', "A frame's JSON is not an object.");
  }
  return value as JsonObject;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message quotes the text, which may hold anything.
    throw new ProtocolViolation('invalid-json', "A frame's JSON does not parse.");
  }
}

/** Looks at bytes only, before parsing; every byte of a multi-byte character is above the ones compared here. */
function isDeeperThan(json: Buffer, maxDepth: number): boolean {
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
