import { integerOf, invalid, type JsonObject, oneOf, parseByType, textOf } from '../../ipc/message-fields.js';
import type { Frame } from '../../ipc/protocol/frame.js';
import { ProtocolViolation } from '../../ipc/protocol/protocol-violation.js';
import { maxBuildChunkBytes, maxBuildLogLength, maxBuildMessageLength } from '../protocol/limits.js';
import { type BuildFacts, type BuilderMessage, builderSteps } from '../protocol/messages.js';

type BuilderMessageType = BuilderMessage['type'];

const parsers: {
  readonly [T in BuilderMessageType]: (json: JsonObject) => Extract<BuilderMessage, { type: T }>;
} = {
  hello: (json) => ({
    type: 'hello',
    protocolVersion: integerOf(json, 'protocolVersion'),
    token: textOf(json, 'token'),
  }),
  step: (json) => ({ type: 'step', step: oneOf(json, 'step', builderSteps) }),
  log: (json) => ({
    type: 'log',
    stream: oneOf(json, 'stream', ['stdout', 'stderr']),
    text: textOf(json, 'text', maxBuildLogLength),
  }),
  chunk: () => ({ type: 'chunk' }),
  done: (json) => ({ type: 'done', facts: factsOf(json['facts']) }),
  failed: (json) => ({
    type: 'failed',
    step: oneOf(json, 'step', builderSteps),
    exitCode: (json['exitCode'] ?? null) === null ? null : integerOf(json, 'exitCode'),
    message: textOf(json, 'message', maxBuildMessageLength),
  }),
};

/**
 * The message in a frame from the builder: every field checked, only known fields kept. Throws `ProtocolViolation` if the
 * sender broke a rule. The session decides whether the message may come now.
 */
export function parseBuilderMessage(frame: Frame): BuilderMessage {
  const message = parseByType<BuilderMessage>(frame.json, parsers);
  if (frame.body.length > (message.type === 'chunk' ? maxBuildChunkBytes : 0)) {
    throw new ProtocolViolation(
      'unexpected-body',
      `A body of ${frame.body.length} bytes came with '${message.type}'.`,
    );
  }
  return message;
}

function factsOf(facts: unknown): BuildFacts {
  if (typeof facts !== 'object' || facts === null) return invalid('facts', 'an object');
  const json = facts as JsonObject;
  return {
    packages: countOf(json, 'packages'),
    files: countOf(json, 'files'),
    bytes: countOf(json, 'bytes'),
  };
}

function countOf(json: JsonObject, field: string): number {
  const count = integerOf(json, field);
  return count >= 0 ? count : invalid(field, 'a count');
}
