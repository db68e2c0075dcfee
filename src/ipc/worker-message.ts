import {
  integerOf,
  invalid,
  type JsonObject,
  oneOf,
  parseByType,
  textOf,
  truthOf,
} from './message-fields.js';
import type { Frame } from './protocol/frame.js';
import {
  maxCauseCodeLength,
  maxCauses,
  maxChunkBytes,
  maxErrorMessageLength,
  maxErrorTypeLength,
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
  logLevels,
  type LogMessage,
  readyJson,
  type ReadyMessage,
  type WorkerMessage,
} from './protocol/messages.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';

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
    kind: oneOf(json, 'kind', failureKinds, 'a known kind of failure'),
    ...failureOf(json),
  }),
  log: (json) => ({
    type: 'log',
    stream: oneOf(json, 'stream', ['stdout', 'stderr']),
    ...(json['level'] === undefined ? {} : { level: oneOf(json, 'level', logLevels, 'a known level') }),
  }),
};

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
  const message = frequentMessage(frame.json) ?? parseByType<WorkerMessage>(frame.json, parsers);
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

function streamsOf(json: JsonObject): boolean {
  return json['streams'] === undefined ? false : truthOf(json, 'streams');
}
