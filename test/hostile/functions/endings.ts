import { answers, either, fails, handler, type HostileFunction } from './hostile-function.js';

const exited = fails('FUNCTION_EXITED');
const threw = fails('FUNCTION_ERROR');
const invalid = fails('FUNCTION_INVALID_RESPONSE');

/** Ends in every way but the right one, and throws and returns what nobody expects. */
export const endingFunctions: readonly HostileFunction[] = [
  { title: 'exit 0', code: handler('process.exit(0);'), expected: exited },
  { title: 'exit 7', code: handler('process.exit(7);'), expected: exited },
  {
    title: 'exit at its top level',
    code: 'process.exit(0);',
    expected: fails('FUNCTION_EXITED', 'FUNCTION_LOAD_ERROR'),
  },
  { title: 'abort', code: handler('process.abort();'), expected: exited },
  {
    title: 'killing itself',
    code: handler(
      `process.kill(process.pid, 'SIGKILL'); return new Promise(() => setInterval(() => 1, 1000));`,
    ),
    expected: exited,
  },
  {
    title: 'killing the first process',
    // It is deaf to most signals from inside its container, and passes others on.
    code: handler(`
      for (const signal of ['SIGKILL', 'SIGSTOP', 'SIGSEGV', 'SIGTERM', 'SIGHUP'])
        process.kill(process.ppid, signal);
      return { body: 'alive' };`),
    expected: either(
      exited,
      answers((said: string) => said === 'alive'),
    ),
  },
  {
    title: 'killing everybody',
    code: handler(
      `try { process.kill(-1, 'SIGKILL'); } catch ({ code }) { return { body: code }; } return { body: 'sent' };`,
    ),
    expected: either(
      exited,
      answers((said: string) => ['sent', 'EPERM', 'ESRCH'].includes(said)),
    ),
  },
  {
    title: 'stopping itself',
    code: handler(`
      const { spawn } = require('node:child_process');
      spawn(process.execPath, ['-e', 'process.kill(process.ppid, "SIGSTOP")']);
      return new Promise(() => setInterval(() => 1, 1000));`),
    expected: fails('FUNCTION_TIMEOUT'),
  },
  { title: 'throwing null', code: handler('throw null;'), expected: threw },
  {
    title: 'throwing a frozen error',
    code: handler('throw Object.freeze(new Error("cold"));'),
    expected: threw,
  },
  {
    title: 'throwing an error that throws',
    code: handler(`
      const bomb = () => { throw new Error('again'); };
      throw Object.defineProperties({}, { message: { get: bomb }, stack: { get: bomb }, name: { get: bomb } });`),
    expected: threw,
  },
  {
    title: 'throwing a proxy that throws',
    code: handler(`
      const traps = ['get', 'has', 'getPrototypeOf', 'ownKeys', 'getOwnPropertyDescriptor'];
      throw new Proxy({}, Object.fromEntries(traps.map((trap) => [trap, () => { throw 1; }])));`),
    expected: threw,
  },
  {
    title: 'throwing an endless message',
    code: handler(`throw new Error('x'.repeat(20 * 1024 * 1024));`),
    expected: (answer) =>
      threw(answer) ?? (answer.text.length < 65_536 ? undefined : 'the message came whole'),
  },
  {
    title: 'an unhandled rejection',
    code: handler(`Promise.reject(new Error('lost')); return new Promise(() => setInterval(() => 1, 1000));`),
    expected: threw,
  },
  {
    title: 'a throw after its answer',
    code: handler(`setTimeout(() => { throw new Error('late'); }, 0); return { body: 'early' };`),
    expected: answers((said: string) => said === 'early'),
  },
  { title: 'a cycle', code: handler('const a = {}; a.a = a; return { body: a };'), expected: invalid },
  { title: 'a BigInt', code: handler('return { body: [1n] };'), expected: invalid },
  { title: 'a function as body', code: handler('return { body: () => 1 };'), expected: invalid },
  {
    title: 'a toJSON that throws',
    code: handler('return { body: { toJSON() { throw new Error("no"); } } };'),
    expected: invalid,
  },
  {
    title: 'a toJSON without end',
    code: handler('return { body: { toJSON() { for (;;); } } };'),
    expected: fails('FUNCTION_TIMEOUT'),
  },
  {
    title: 'a depth that no stack holds',
    code: handler('let deep = []; for (let n = 0; n < 1e5; n += 1) deep = [deep]; return { body: deep };'),
    expected: invalid,
  },
  {
    title: 'halves of surrogates and an invalid date',
    code: handler(`return { body: { half: '\\ud800', date: new Date(NaN) } };`),
    expected: answers(({ date }: { date: unknown }) => date === null),
  },
  {
    title: 'a body above the limit',
    code: handler(`return { headers: { 'content-type': 'text/plain' }, body: 'x'.repeat(7 * 1024 * 1024) };`),
    expected: fails('FUNCTION_RESPONSE_TOO_LARGE'),
  },
  ...[99, 100, 101, 103, 600, 1000, -1, 200.5, '"abc"', '"0200"', 'NaN', 'null'].map((status) => ({
    title: `the status ${status}`,
    code: handler(`return { statusCode: ${status}, body: 'x' };`),
    expected: invalid,
  })),
  {
    title: '204 with a body',
    code: handler(`return { statusCode: 204, headers: { 'content-length': '9' }, body: 'x' };`),
    expected: ({ status, text, headers }) =>
      status === 204 && text === '' && !headers.has('content-length') ? undefined : `${status} ${text}`,
  },
  ...[
    ['a line break in a header', `{ 'x-a': 'b\\r\\nset-cookie: c=d' }`],
    ['a NUL in a header', `{ 'x-a': 'b\\0' }`],
    ['a header beyond Latin-1', `{ 'x-a': '\\u2028' }`],
    ['a space in a header’s name', `{ 'x a': 'b' }`],
    ['a colon in a header’s name', `{ 'x:a': 'b' }`],
    ['an empty header name', `{ '': 'b' }`],
    ['a line break in one of several values', `{ 'x-a': ['b', 'c\\nd'] }`],
    ['5,000 headers', `Object.fromEntries(Array.from({ length: 5000 }, (_, n) => ['x-' + n, 'v']))`],
    ['a header of 1 MiB', `{ 'x-a': 'b'.repeat(1048576) }`],
  ].map(([title = '', headers = '']) => ({
    title,
    code: handler(`return { headers: ${headers}, body: 'x' };`),
    expected: invalid,
  })),
  {
    title: 'framing of its own',
    code: handler(`return { body: 'eleven chars', headers: {
      'content-length': '5', 'transfer-encoding': 'chunked', connection: 'close, x-listed', 'x-listed': '1',
      'keep-alive': 'timeout=9', upgrade: 'h2c', trailer: 'x', te: 'trailers', 'proxy-authenticate': 'Basic',
      server: 'fake', 'x-glambdar-invocation-id': 'fake', 'content-type': 'text/plain' } };`),
    expected: ({ status, text, headers }) => {
      const forbidden = ['x-listed', 'upgrade', 'trailer', 'te', 'proxy-authenticate', 'server'];
      const seen = forbidden.filter((name) => headers.has(name));
      const isOwn =
        headers.get('content-length') === '12' && headers.get('x-glambdar-invocation-id') !== 'fake';
      return status === 200 && text === 'eleven chars' && isOwn && seen.length === 0
        ? undefined
        : `${status} ${text} ${JSON.stringify([...headers])}`;
    },
  },
];
