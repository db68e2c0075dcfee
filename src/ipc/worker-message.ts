import { isUtf8 } from 'node:buffer';
import { isDeeperThan } from '../common/input/json-text.js';
import type { Frame } from './protocol/frame.js';
import {
  maxCauseCodeLength,
  maxCauses,
  maxChunkBytes,
  maxErrorMessageLength,
  maxErrorTypeLength,
  maxJsonDepth,
  maxLogBytes,
  maxStackLength,
} from './protocol/limits.js';
import {
  chunkJson,
  type ChunkMessage,
  type FailureCause,
  type FailureKind,
  type FunctionFailure,
  type HeaderValues,
  logJson,
  type LogLevel,
  logLevels,
  type LogMessage,
  readyJson,
  type ReadyMessage,
  type WorkerMessage,
} from './protocol/messages.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';

type JsonObject = Readonly<Record<string, unknown>>;

/** Text to object, or a `ProtocolViolation`: invalid UTF-8 is refused, not replaced, and so is deep nesting. */
function decodeJson(json: Buffer): JsonObject {
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

type WorkerMessageType = WorkerMessage['type'];

const parsers: {
  readonly [T in WorkerMessageType]: (json: JsonObject) => Extract<WorkerMessage, { type: T }>;
} = {
  hello: (json) => ({
    type: 'hello',
    protocolVersion: integerOf(json, 'protocolVersion'),
    token: textOf(json, 'token'),
  }),
  ready: () => ({ type: 'ready' }),
  loadError: (json) => ({ type: 'loadError', ...failureOf(json) }),
  result: (json) => ({
    type: 'result',
    invocationId: textOf(json, 'invocationId'),
    statusCode: integerOf(json, 'statusCode'),
    headers: headersOf(json),
    streams: streamsOf(json),
  }),
  value: (json) => ({
    type: 'value',
    invocationId: textOf(json, 'invocationId'),
    streams: streamsOf(json),
  }),
  chunk: () => ({ type: 'chunk' }),
  end: () => ({ type: 'end' }),
  error: (json) => ({
    type: 'error',
    invocationId: textOf(json, 'invocationId'),
    kind: kindOf(json),
    ...failureOf(json),
  }),
  log: (json) => ({
    type: 'log',
    stream: streamOf(json),
    ...(json['level'] === undefined ? {} : { level: levelOf(json) }),
  }),
};

const maxIdentifierLength = 256;
const failureKinds: readonly FailureKind[] = ['threw', 'uncaught', 'invalid-result', 'result-too-large'];

type FrequentMessage = LogMessage | ChunkMessage | ReadyMessage;

/** Prints and chunks, which come by the hundred thousand, and what comes with every call, need no parsing. */
const frequentMessages = [
  ...[chunkJson, readyJson],
  ...Object.values(logJson).flatMap((byLevel) => Object.values(byLevel)),
].map((text) => ({
  json: Buffer.from(text),
  message: JSON.parse(text) as FrequentMessage,
}));

/**
 * The message in a frame from the worker: every field checked, only known fields kept. Throws `ProtocolViolation` if the
 * sender broke a rule. The session decides whether the message may come now.
 */
export function parseWorkerMessage(frame: Frame): WorkerMessage {
  const message = frequentMessage(frame.json) ?? parseJson(frame.json);
  if (frame.body.length > maxBodyBytesOf(message)) {
    throw new ProtocolViolation(
      'unexpected-body',
      `A body of ${frame.body.length} bytes came with '${message.type}'.`,
    );
  }
  return message;
}

/** The decoder and the session limit the body of a buffered result. */
function maxBodyBytesOf(message: WorkerMessage): number {
  if (message.type === 'result' || message.type === 'value') return message.streams === true ? 0 : Infinity;
  if (message.type === 'chunk') return maxChunkBytes;
  return message.type === 'log' ? maxLogBytes : 0;
}

function frequentMessage(json: Buffer): FrequentMessage | undefined {
  return frequentMessages.find((known) => known.json.length === json.length && known.json.equals(json))
    ?.message;
}

function parseJson(bytes: Buffer): WorkerMessage {
  const json = decodeJson(bytes);
  const type = json['type'];
  if (typeof type !== 'string' || !isWorkerMessageType(type)) {
    throw new ProtocolViolation('unknown-type', 'A message has a type that is not of the protocol.');
  }
  return parsers[type](json);
}

function isWorkerMessageType(type: string): type is WorkerMessageType {
  return Object.hasOwn(parsers, type);
}

function failureOf(json: JsonObject): FunctionFailure {
  return {
    errorType: textOf(json, 'errorType', maxErrorTypeLength),
    errorMessage: textOf(json, 'errorMessage', maxErrorMessageLength),
    stack: textOf(json, 'stack', maxStackLength),
    ...(json['causes'] === undefined ? {} : { causes: causesOf(json['causes']) }),
  };
}

function causesOf(causes: unknown): readonly FailureCause[] {
  if (!Array.isArray(causes) || causes.length > maxCauses) {
    return invalid('causes', `an array of ${maxCauses} at most`);
  }
  return causes.map((cause: unknown) =>
    typeof cause === 'object' && cause !== null
      ? causeOf(cause as JsonObject)
      : invalid('causes', 'an array of objects'),
  );
}

function causeOf(json: JsonObject): FailureCause {
  return {
    errorType: textOf(json, 'errorType', maxErrorTypeLength),
    errorMessage: textOf(json, 'errorMessage', maxErrorMessageLength),
    code: (json['code'] ?? null) === null ? null : textOf(json, 'code', maxCauseCodeLength),
  };
}

function kindOf(json: JsonObject): FailureKind {
  return failureKinds.find((kind) => kind === json['kind']) ?? invalid('kind', 'a known kind of failure');
}

function streamOf(json: JsonObject): LogMessage['stream'] {
  const stream = json['stream'];
  return stream === 'stdout' || stream === 'stderr' ? stream : invalid('stream', 'stdout or stderr');
}

function levelOf(json: JsonObject): LogLevel {
  return logLevels.find((level) => level === json['level']) ?? invalid('level', 'a known level');
}

/** `Object.fromEntries` because a header may be called `__proto__`. */
function headersOf(json: JsonObject): HeaderValues {
  const headers = json['headers'];
  if (typeof headers !== 'object' || headers === null || Array.isArray(headers))
    return invalid('headers', 'an object');
  const entries = Object.entries(headers as JsonObject);
  return Object.fromEntries(entries.map(([name, value]) => [name, headerValueOf(value)]));
}

function headerValueOf(value: unknown): string | readonly string[] {
  if (typeof value === 'string') return value;
  if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value;
  return invalid('headers', 'of strings and arrays of strings');
}

function textOf(json: JsonObject, field: string, maxLength = maxIdentifierLength): string {
  const value = json[field];
  return typeof value === 'string' && value.length <= maxLength
    ? value
    : invalid(field, `a string of at most ${maxLength} characters`);
}

function integerOf(json: JsonObject, field: string): number {
  const value = json[field];
  return Number.isSafeInteger(value) ? (value as number) : invalid(field, 'an integer');
}

function streamsOf(json: JsonObject): boolean {
  return json['streams'] === undefined ? false : truthOf(json, 'streams');
}

function truthOf(json: JsonObject, field: string): boolean {
  const value = json[field];
  return typeof value === 'boolean' ? value : invalid(field, 'true or false');
}

/** Names the field and the rule, never the value: it is the sender's. */
function invalid(field: string, rule: string): never {
  throw new ProtocolViolation('invalid-message', `The field '${field}' is not ${rule}.`);
}
