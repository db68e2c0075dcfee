import { ownFiles } from '../../support/engine.js';
import { answers, breaksOff, either, fails, handler, type HostileFunction } from './hostile-function.js';

/** The function shares its process with the worker, and so can take the worker's own connection. */
export const stolen = `
const { writeSync, closeSync } = require('node:fs');
const socket = process._getActiveHandles().find((handle) => handle._handle?.fd > 2 && handle.pending === false);
const descriptor = socket._handle.fd;
const say = (bytes) => { for (let sent = 0; sent < bytes.length;) {
  try { sent += writeSync(descriptor, bytes, sent); } catch (error) { if (error.code !== 'EAGAIN') throw error; }
} };
const frame = (message, body = Buffer.alloc(0)) => {
  const json = Buffer.from(typeof message === 'string' ? message : JSON.stringify(message));
  const head = Buffer.alloc(8);
  head.writeUInt32BE(json.length, 0);
  head.writeUInt32BE(body.length, 4);
  return Buffer.concat([head, json, body]);
};
const forever = new Promise(() => setInterval(() => 1, 1000));
`;
const thief = (body: string) => stolen + handler(`const invocationId = context.awsRequestId;\n${body}`);
const result = (fields: string) =>
  `{ type: 'result', invocationId, statusCode: 200, headers: {}, ${fields} }`;

const invalid = fails('FUNCTION_INVALID_RESPONSE');
const saysFirst = answers((said: string) => said === 'first');
const first = `frame(${result('')}, Buffer.from('"first"'))`;

/** Speaks to the host over the worker's head. */
export const protocolFunctions: readonly HostileFunction[] = [
  {
    title: 'garbage in place of a frame',
    code: thief(`say(Buffer.alloc(5000, 0xff)); return forever;`),
    expected: invalid,
  },
  {
    title: 'a length that would fill the host’s memory',
    code: thief(`say(Buffer.from('00000002ffffffff', 'hex')); return forever;`),
    expected: invalid,
  },
  {
    title: 'a frame that never ends',
    code: thief(`say(frame(${result('')}).subarray(0, 20)); return forever;`),
    expected: invalid,
  },
  {
    title: 'a frame that drips',
    code: thief(`
      const bytes = frame(${result('')});
      for (let n = 0; n < bytes.length; n += 1) {
        say(bytes.subarray(n, n + 1));
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      return forever;`),
    expected: invalid,
  },
  {
    title: 'an answer to another call',
    code: thief(`say(frame({ ...${result('')}, invocationId: 'other' })); return forever;`),
    expected: invalid,
  },
  {
    title: 'a message of no known type',
    code: thief(`say(frame({ type: 'gossip' })); return forever;`),
    expected: invalid,
  },
  {
    title: 'hello once more',
    code: thief(`say(frame({ type: 'hello', protocolVersion: 1, token: 'x' })); return forever;`),
    expected: invalid,
  },
  {
    title: 'ready before its answer',
    code: thief(`say(frame({ type: 'ready' })); return forever;`),
    expected: invalid,
  },
  {
    title: 'JSON too deep for a stack',
    code: thief(`say(frame('['.repeat(60000))); return forever;`),
    expected: invalid,
  },
  {
    title: 'two answers',
    code: thief(
      `say(Buffer.concat([${first}, frame(${result('')}, Buffer.from('"second"'))])); return forever;`,
    ),
    expected: saysFirst,
  },
  {
    title: 'an answer, then garbage',
    code: thief(`say(Buffer.concat([${first}, Buffer.alloc(100000, 0xff)])); return forever;`),
    expected: saysFirst,
  },
  {
    title: 'an answer, then the worker’s own',
    code: thief(`say(${first}); return 'second';`),
    expected: saysFirst,
  },
  { title: 'an answer, then the end', code: thief(`say(${first}); process.exit(3);`), expected: saysFirst },
  ...[
    ['the forged status 101', `statusCode: 101`],
    ['the forged status 99', `statusCode: 99`],
    ['a forged status that is no number', `statusCode: '200'`],
    ['a forged line break', `headers: { 'x-a': 'b\\r\\n\\r\\nHTTP/1.1 200 OK' }`],
    ['forged headers in an array', `headers: [['x-a', 'b']]`],
    [
      'forged headers without end',
      `headers: Object.fromEntries(Array.from({ length: 900 }, (_, n) => ['x-' + n, 'v'])) `,
    ],
  ].map(([title = '', fields = '']) => ({
    title,
    code: thief(`say(frame(${result(fields)}, Buffer.from('x'))); return forever;`),
    expected: invalid,
  })),
  {
    title: 'forged framing',
    code: thief(
      `say(frame(${result(`headers: { 'content-length': '3', 'transfer-encoding': 'chunked' }`)}, Buffer.from('"first"'))); return forever;`,
    ),
    expected: saysFirst,
  },
  {
    title: 'a flood of prints past the worker',
    code: thief(`
      const line = frame({ type: 'log', stream: 'stdout' }, Buffer.alloc(60000, 'z'));
      for (let n = 0; n < 500; n += 1) say(line);
      say(${first});
      return forever;`),
    expected: either(saysFirst, fails('FUNCTION_TIMEOUT')),
  },
  ...[
    ['chunks without an answer', `say(frame({ type: 'chunk' }, Buffer.alloc(10)));`],
    ['an end without an answer', `say(frame({ type: 'end' }));`],
    ['a stream to a status without a body', `say(frame({ ...head, statusCode: 204 }));`],
    ['a stream in one piece with its head', `say(frame(head, Buffer.from('x')));`],
  ].map(([title = '', said = '']) => ({
    title,
    code: thief(`const head = ${result('streams: true')};\n${said} return forever;`),
    expected: invalid,
  })),
  ...[
    ['a stream without end', `for (;;) { say(chunk(65536)); await new Promise(setImmediate); }`],
    ['a stream of nothing, without end', `for (;;) { say(chunk(0)); await new Promise(setImmediate); }`],
    ['a stream past all credit', `for (let n = 0; n < 1000; n += 1) say(chunk(65536)); return forever;`],
    ['a chunk too long', `say(chunk(65537)); return forever;`],
    ['a stream that never goes on', `return forever;`],
    ['a second head', `say(frame(head)); return forever;`],
    ['a stream and garbage', `say(Buffer.alloc(5000, 0xff)); return forever;`],
    ['a stream and the end of the process', `process.exit(3);`],
  ].map(([title = '', goesOn = '']) => ({
    title,
    code: thief(`
      const head = ${result('streams: true')};
      const chunk = (bytes) => frame({ type: 'chunk' }, Buffer.alloc(bytes, 'x'));
      say(frame(head));
      ${goesOn}`),
    expected: breaksOff,
  })),
  {
    title: 'closing half of the connection',
    code: thief(`socket.end(); return forever;`),
    expected: fails('FUNCTION_EXITED'),
  },
  {
    title: 'closing the connection',
    code: thief(`socket.destroy(); return forever;`),
    expected: fails('FUNCTION_EXITED'),
  },
  {
    title: 'closing the descriptor',
    code: thief(`closeSync(descriptor); return forever;`),
    expected: fails('FUNCTION_EXITED', 'FUNCTION_TIMEOUT'),
  },
  {
    title: 'connecting a second time, and many times',
    code: handler(`
      const { connect } = require('node:net');
      const { readdirSync } = require('node:fs');
      const tried = Array.from({ length: 100 }, () => new Promise((resolve) =>
        connect('/glambdar/socket').on('connect', () => resolve('connected')).on('error', ({ code }) => resolve(code))));
      return { body: { tried: [...new Set(await Promise.all(tried))], there: readdirSync('/glambdar') } };`),
    expected: answers(
      ({ tried, there }: { tried: string[]; there: string[] }) =>
        tried.join() === 'ENOENT' && there.join() === ownFiles.join(),
    ),
  },
];
