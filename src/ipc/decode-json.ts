import { isUtf8 } from 'node:buffer';
import { isDeeperThan } from '../common/input/json-text.js';
import { maxJsonDepth } from './protocol/limits.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';

export type JsonObject = Readonly<Record<string, unknown>>;

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
