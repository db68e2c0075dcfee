import type { Random } from '../../support/archives/mutations.js';
import { protocolVersion } from '../../../src/ipc/protocol/messages.js';
import { maxChunkBytes } from '../../../src/ipc/protocol/limits.js';
import { frameOf, headerOf } from '../../support/hostile-peer.js';

/** Where the conversation stands when the bytes come; `connected` is before hello. */
export type Phase = 'connected' | 'prewarmed' | 'loading' | 'ready' | 'busy' | 'streaming' | 'answered';
export const phases: readonly Phase[] = [
  'connected',
  'prewarmed',
  'loading',
  'ready',
  'busy',
  'streaming',
  'answered',
];

export interface Script {
  readonly title: string;
  readonly bytes: Buffer;
  /** In any other phase the bytes break the protocol. */
  readonly legalIn: readonly Phase[];
}

const loaded: readonly Phase[] = ['loading', 'ready', 'busy', 'streaming', 'answered'];
const result = { type: 'result', invocationId: 'call-1', statusCode: 200, headers: {} };
const head = { ...result, streams: true };
const chunk = { type: 'chunk' };
const end = { type: 'end' };
const failure = { errorType: 'E', errorMessage: 'm', stack: 's' };
const error = { type: 'error', invocationId: 'call-1', kind: 'threw', ...failure };
const log = { type: 'log', stream: 'stdout' };
const hello = { type: 'hello', protocolVersion, token: 'f'.repeat(64) };

const of = (title: string, bytes: Buffer, legalIn: readonly Phase[] = []): Script => ({
  title,
  bytes,
  legalIn,
});
const text = (json: string) => Buffer.concat([headerOf(Buffer.byteLength(json), 0), Buffer.from(json)]);
const framed = (title: string, message: object, legalIn: readonly Phase[] = [], body?: Buffer) =>
  of(title, frameOf(message, body), legalIn);

export const scripts: readonly Script[] = [
  of('nothing', Buffer.alloc(0), phases),
  of('one byte', Buffer.alloc(1), phases),
  of('half a header', headerOf(10, 0).subarray(0, 4), phases),
  of('a header and nothing after it', headerOf(10, 0), phases),
  of('half a frame', frameOf(result).subarray(0, 30), phases),
  framed('a wrong token', hello),
  framed('a wrong version', { ...hello, protocolVersion: 99 }),
  framed('a token that is a number', { ...hello, token: 5 }),
  framed('ready', { type: 'ready' }, ['loading', 'answered']),
  framed('ready with a body', { type: 'ready' }, [], Buffer.from('x')),
  framed('a log', log, loaded, Buffer.from('hi')),
  framed('a log of no stream', { type: 'log' }, [], Buffer.from('hi')),
  framed('a log of another stream', { type: 'log', stream: 'stdin' }, [], Buffer.from('hi')),
  framed('an error while loading', { type: 'loadError', ...failure }, ['loading']),
  framed('a result', result, ['busy']),
  framed('an error', error, ['busy', 'streaming']),
  framed('the head of a stream', head, ['busy']),
  framed('the head of a stream with a body', head, [], Buffer.from('x')),
  framed('a head that streams as text', { ...result, streams: 'true' }),
  framed('a chunk', chunk, ['streaming'], Buffer.from('x')),
  framed('a chunk of nothing', chunk, ['streaming']),
  framed('a chunk too long', chunk, [], Buffer.alloc(maxChunkBytes + 1)),
  framed('the end of a stream', end, ['streaming']),
  framed('the end of a stream with a body', end, [], Buffer.from('x')),
  of('a whole stream', Buffer.concat([head, chunk, chunk, end].map((message) => frameOf(message))), ['busy']),
  of('two ends', Buffer.concat([frameOf(end), frameOf(end)])),
  of('chunks after the end', Buffer.concat([frameOf(end), frameOf(chunk)])),
  of(
    'more chunks than there is credit for',
    Buffer.concat(Array(100).fill(frameOf(chunk, Buffer.alloc(maxChunkBytes)))),
  ),
  framed('a result of another call', { ...result, invocationId: 'call-2' }),
  framed('an error of another call', { ...error, invocationId: 'call-2' }),
  framed('a result without an id', { ...result, invocationId: undefined }),
  framed('a result whose status is text', { ...result, statusCode: '200' }),
  framed('a result whose headers are a list', { ...result, headers: [] }),
  framed('a result whose header is a number', { ...result, headers: { a: 1 } }),
  framed('a result whose header is deep', { ...result, headers: { a: [['b']] } }),
  framed('an error of another kind', { ...error, kind: 'bored' }),
  framed('an error with a body', error, [], Buffer.from('x')),
  framed('no type', {}),
  framed('an unknown type', { type: 'gossip' }),
  framed('a type of objects', { type: 'constructor' }),
  framed('a type of the host', { type: 'invoke' }),
  of('two results', Buffer.concat([frameOf(result), frameOf(result)])),
  of('a result and garbage', Buffer.concat([frameOf(result), Buffer.alloc(64, 0xff)])),
  of('JSON of no length', headerOf(0, 5)),
  of('JSON without end', headerOf(0xffff_ffff, 0)),
  of('a body without end', headerOf(2, 0xffff_ffff)),
  of('both without end', headerOf(0xffff_ffff, 0xffff_ffff)),
  of('broken JSON', text('{]')),
  of('no object', text('null')),
  of('a list', text('[]')),
  of('a number', text('1e999')),
  of('deep JSON', text('['.repeat(60_000))),
  of('deep and whole JSON', text('['.repeat(5000) + ']'.repeat(5000))),
  of('invalid UTF-8', Buffer.concat([headerOf(2, 0), Buffer.from([0xc3, 0x28])])),
  of('JSON that names a prototype', text('{"__proto__":{"type":"ready"},"type":"x"}')),
  of('an HTTP response', Buffer.from('HTTP/1.1 200 OK\r\n\r\n')),
  of('zeros', Buffer.alloc(1000)),
  of('ones', Buffer.alloc(1000, 0xff)),
];

const messages = [
  result,
  head,
  chunk,
  end,
  error,
  log,
  hello,
  { type: 'ready' },
  { type: 'loadError', ...failure },
  { type: 'gossip' },
];

/** A few pieces: whole frames, damaged ones, lengths that lie, noise; cut anywhere. */
export function randomBytes(random: Random): readonly Buffer[] {
  const stream = Buffer.concat(Array.from({ length: 1 + random(6) }, () => piece(random)));
  const chunks: Buffer[] = [];
  for (let start = 0; start < stream.length;) {
    const end = start + 1 + random(random(3) === 0 ? 8 : 5000);
    chunks.push(stream.subarray(start, end));
    start = end;
  }
  return chunks;
}

function piece(random: Random): Buffer {
  const message = messages[random(messages.length)] ?? result;
  const body = random(2) === 0 ? undefined : noise(random(3000), random);
  const frame = frameOf(message, body);
  switch (random(6)) {
    case 0:
      return noise(random(200), random);
    case 1:
      return headerOf(random(2 ** 32), random(2 ** 32));
    case 2:
      return frame.subarray(0, random(frame.length));
    case 3:
      frame[random(frame.length)] = random(256);
      return frame;
    default:
      return frame;
  }
}

function noise(bytes: number, random: Random): Buffer {
  return Buffer.from(Array.from({ length: bytes }, () => random(256)));
}
