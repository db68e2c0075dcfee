import { isUtf8 } from 'node:buffer';
import { isDeeperThan } from '../common/input/json-text.js';
import { maxJsonDepth } from './protocol/limits.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';

export type JsonObject = Readonly<Record<string, unknown>>;

const maxIdentifierLength = 256;

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

/** Reads the message in a frame's JSON by the parser of its type; a type without one is a violation. */
export function parseByType<Message extends { readonly type: string }>(
  bytes: Buffer,
  parsers: Readonly<Record<string, (json: JsonObject) => Message>>,
): Message {
  const json = decodeJson(bytes);
  const type = json['type'];
  const parser = typeof type === 'string' && Object.hasOwn(parsers, type) ? parsers[type] : undefined;
  if (!parser) {
    throw new ProtocolViolation('unknown-type', 'A message has a type that is not of the protocol.');
  }
  return parser(json);
}

export function textOf(json: JsonObject, field: string, maxLength = maxIdentifierLength): string {
  const value = json[field];
  return typeof value === 'string' && value.length <= maxLength
    ? value
    : invalid(field, `a string of at most ${maxLength} characters`);
}

export function integerOf(json: JsonObject, field: string): number {
  const value = json[field];
  return Number.isSafeInteger(value) ? (value as number) : invalid(field, 'an integer');
}

export function truthOf(json: JsonObject, field: string): boolean {
  const value = json[field];
  return typeof value === 'boolean' ? value : invalid(field, 'true or false');
}

export function oneOf<const Choice extends string>(
  json: JsonObject,
  field: string,
  choices: readonly Choice[],
  rule = choices.join(' or '),
): Choice {
  return choices.find((choice) => choice === json[field]) ?? invalid(field, rule);
}

/** Names the field and the rule, never the value: it is the sender's. */
export function invalid(field: string, rule: string): never {
  throw new ProtocolViolation('invalid-message', `The field '${field}' is not ${rule}.`);
}
