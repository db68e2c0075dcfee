import fc from 'fast-check';
import { ProtocolViolation } from './protocol/protocol-violation.js';
import { parseWorkerMessage } from './worker-message.js';

const noBody = Buffer.alloc(0);

function parse(message: unknown, body = noBody) {
  return parseWorkerMessage({ json: Buffer.from(JSON.stringify(message)), body });
}

function parseText(json: string | Buffer) {
  return parseWorkerMessage({ json: Buffer.from(json), body: noBody });
}

const violation = (reason: string) => expect.objectContaining({ name: 'ProtocolViolation', reason }) as Error;

const result = { type: 'result', invocationId: 'i', statusCode: 200, headers: {}, streams: false };
const failure = { errorType: 'E', errorMessage: 'm', stack: 's' };
const cause = { errorType: 'C', errorMessage: 'c', code: null };

describe('a message from a worker', () => {
  it.each([
    [{ type: 'hello', protocolVersion: 1, token: 't' }],
    [{ type: 'ready' }],
    [{ type: 'loadError', ...failure }],
    [{ ...result, headers: { a: 'b', 'set-cookie': ['c', 'd'] } }],
    [{ ...result, streams: true }],
    [{ type: 'value', invocationId: 'i', streams: false }],
    [{ type: 'value', invocationId: 'i', streams: true }],
    [{ type: 'chunk' }],
    [{ type: 'end' }],
    [{ type: 'error', invocationId: 'i', kind: 'threw', ...failure }],
    [
      {
        type: 'error',
        invocationId: 'i',
        kind: 'threw',
        ...failure,
        causes: [cause, { ...cause, code: 'E' }],
      },
    ],
    [{ type: 'log', stream: 'stdout' }],
    [{ stream: 'stderr', type: 'log' }],
    [{ type: 'log', stream: 'stdout', level: 'debug' }],
    [{ level: 'warn', type: 'log', stream: 'stderr' }],
  ])('is understood: %j', (message) => {
    expect(parse(message)).toEqual(message);
  });

  it('loses the fields that the protocol does not know', () => {
    expect(parse({ type: 'ready', isAdmin: true })).toEqual({ type: 'ready' });
  });

  it('may have a header called __proto__', () => {
    const { headers } = parseText(
      '{"type":"result","invocationId":"i","statusCode":200,"headers":{"__proto__":"x"}}',
    ) as unknown as { headers: object };
    expect(Object.getPrototypeOf(headers)).toBe(Object.prototype);
    expect(Object.entries(headers)).toEqual([['__proto__', 'x']]);
  });

  it.each([
    ['a type unknown', { type: 'gossip' }, 'unknown-type'],
    ['a type inherited from Object', { type: 'constructor' }, 'unknown-type'],
    ['no type', {}, 'unknown-type'],
    ['a token that is a number', { type: 'hello', protocolVersion: 1, token: 5 }, 'invalid-message'],
    ['a token without end', { type: 'hello', protocolVersion: 1, token: 'x'.repeat(257) }, 'invalid-message'],
    ['a version that is text', { type: 'hello', protocolVersion: '1', token: 't' }, 'invalid-message'],
    ['a status of 200.5', { ...result, statusCode: 200.5 }, 'invalid-message'],
    ['a status that is text', { ...result, statusCode: '200' }, 'invalid-message'],
    ['no headers', { ...result, headers: undefined }, 'invalid-message'],
    ['headers in an array', { ...result, headers: [] }, 'invalid-message'],
    ['a level unknown', { type: 'log', stream: 'stdout', level: 'runtime' }, 'invalid-message'],
    ['a stream of the server', { type: 'log', stream: 'runtime' }, 'invalid-message'],
    ['causes that are no list', { type: 'loadError', ...failure, causes: {} }, 'invalid-message'],
    ['too many causes', { type: 'loadError', ...failure, causes: Array(9).fill(cause) }, 'invalid-message'],
    ['a cause that is text', { type: 'loadError', ...failure, causes: ['c'] }, 'invalid-message'],
    [
      'a code without end',
      { type: 'loadError', ...failure, causes: [{ ...cause, code: 'x'.repeat(65) }] },
      'invalid-message',
    ],
    ['headers null', { ...result, headers: null }, 'invalid-message'],
    ['a header that is a number', { ...result, headers: { a: 1 } }, 'invalid-message'],
    ['a header with a null in its array', { ...result, headers: { a: ['b', null] } }, 'invalid-message'],
    ['streams that is no boolean', { ...result, streams: 1 }, 'invalid-message'],
    ['no invocation', { ...result, invocationId: undefined }, 'invalid-message'],
    ['a kind unknown', { type: 'error', invocationId: 'i', kind: 'odd', ...failure }, 'invalid-message'],
    [
      'a message too long',
      { type: 'loadError', ...failure, errorMessage: 'm'.repeat(1025) },
      'invalid-message',
    ],
    ['a stack too long', { type: 'loadError', ...failure, stack: 's'.repeat(8193) }, 'invalid-message'],
    ['a stream unknown', { type: 'log', stream: 'stdin' }, 'invalid-message'],
  ])('is refused with %s', (_, message, reason) => {
    expect(() => parse(message)).toThrow(violation(reason));
  });

  it.each([
    ['not JSON', '{"type":'],
    ['an array', '[]'],
    ['null', 'null'],
    ['text', '"ready"'],
    ['invalid UTF-8', Buffer.from([0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d])],
    ['101 levels of arrays', `{"type":"ready","x":${'['.repeat(100)}${']'.repeat(100)}}`],
    ['40,000 levels of arrays', '['.repeat(40_000) + ']'.repeat(40_000)],
  ])('is refused when its JSON is %s', (_, json) => {
    expect(() => parseText(json)).toThrow(violation('invalid-json'));
  });

  it('may be nested 100 deep, and brackets in text do not count', () => {
    const nested = `${'['.repeat(99)}${']'.repeat(99)}`;
    expect(parseText(`{"type":"ready","text":"\\"${'['.repeat(200)}","x":${nested}}`)).toEqual({
      type: 'ready',
    });
  });

  it('has a body only with a whole result, a chunk or a log, and the last two small ones', () => {
    expect(parse(result, Buffer.alloc(100_000))).toEqual(result);
    expect(() => parse({ ...result, streams: true }, Buffer.alloc(1))).toThrow(violation('unexpected-body'));
    expect(parse({ type: 'chunk' }, Buffer.alloc(65_536))).toEqual({ type: 'chunk' });
    expect(() => parse({ type: 'chunk' }, Buffer.alloc(65_537))).toThrow(violation('unexpected-body'));
    expect(() => parse({ type: 'end' }, Buffer.alloc(1))).toThrow(violation('unexpected-body'));
    expect(parse({ type: 'log', stream: 'stdout' }, Buffer.alloc(65_536))).toBeDefined();
    expect(() => parse({ type: 'log', stream: 'stdout' }, Buffer.alloc(65_537))).toThrow(
      violation('unexpected-body'),
    );
    expect(() => parse({ type: 'ready' }, Buffer.alloc(1))).toThrow(violation('unexpected-body'));
  });

  it('is a message or a violation, whatever it says', () => {
    const type = fc.constantFrom(
      'hello',
      'ready',
      'loadError',
      'result',
      'chunk',
      'end',
      'error',
      'log',
      'else',
    );
    const fields = fc.dictionary(
      fc.constantFrom('token', 'statusCode', 'headers', 'invocationId', 'stack', 'stream', 'streams', 'kind'),
      fc.jsonValue(),
    );
    fc.assert(
      fc.property(type, fields, (said, others) => {
        try {
          expect(parse({ ...others, type: said })).toHaveProperty('type', said);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolViolation);
        }
      }),
    );
  });
});
