import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { rawRequest } from '../../support/raw-connection.js';

/** Time limits of the trial's server, in milliseconds. */
export const limits = {
  headersMs: 1000,
  requestMs: 2000,
  sendMs: 1000,
  callMs: 2000,
  queueMs: 1000,
  followMs: 3000,
};

export interface StubbornKind extends Stubbornness {
  readonly title: string;
  /** The time limit of what such clients hold. */
  readonly limitMs: number;
  /** What the next, well-behaved client asks on the same route. */
  readonly next: string;
}

const functionName = 'waits';
const json = 'Content-Type: application/json';
const form = 'Content-Type: multipart/form-data; boundary=b';
const lengthAnnounced = 100_000;
/** More than the buffers of both kernels hold. */
const unreadAnswers = 8;
/** More than may wait on one connection. */
const manyUnread = 100;

interface Route {
  readonly method: string;
  readonly path: string;
  readonly headers?: readonly string[];
  /** Whole and honest; the stubborn ones send its first half, and announce more. */
  readonly body?: string;
}

const part = (fileName: string) =>
  `--b\r\nContent-Disposition: form-data; name="file"; filename="${fileName}"\r\n\r\nPK no zip at all`;
const archive = (fileName: string) => `${part(fileName)}\r\n--b--\r\n`;

/** Every way in whose requests have a body, and some whose requests should have none. */
const routesWithBodies: readonly Route[] = [
  { method: 'POST', path: `/invoke/${functionName}`, body: 'abc' },
  { method: 'POST', path: '/invoke/nobody', body: 'abc' },
  // Not the plain way to write it: such a call goes past the framework.
  { method: 'POST', path: `/Invoke/${functionName}`, body: 'abc' },
  { method: 'POST', path: '/deploy', headers: [form], body: archive('half.zip') },
  { method: 'POST', path: '/deploy?strict=true', headers: [form], body: archive(`${functionName}.zip`) },
  { method: 'PUT', path: `/deploy/${functionName}`, headers: [form], body: archive('any.zip') },
  { method: 'PATCH', path: '/settings/settings', headers: [json], body: '{}' },
  { method: 'POST', path: '/rollback/settings', headers: [json], body: '{"version":99}' },
  { method: 'PUT', path: '/secrets/settings/TOKEN', headers: [json], body: '{"value":"secret"}' },
  { method: 'POST', path: '/keys', headers: [json], body: '{"name":1}' },
  { method: 'DELETE', path: '/del/nobody', body: 'abc' },
  { method: 'GET', path: '/info', body: 'abc' },
  { method: 'GET', path: '/health/live', body: 'abc' },
  { method: 'POST', path: '/nowhere', body: 'abc' },
];

/** Answers that nobody reads. Each is asked for so often that they fill all buffers between. */
const routesWithAnswers: readonly Route[] = [
  { method: 'GET', path: '/openapi.json' },
  { method: 'GET', path: '/docs' },
  { method: 'GET', path: '/info' },
  { method: 'GET', path: '/info/settings' },
  { method: 'GET', path: '/metrics' },
  { method: 'GET', path: '/audit' },
  { method: 'GET', path: '/health/ready' },
  { method: 'GET', path: '/logs/prints?limit=1000' },
  { method: 'GET', path: '/invocations/prints' },
  { method: 'GET', path: '/nowhere' },
];

/** Every kind of client that wants a connection, a place or memory for good, with the key of a server that asks for one. */
export function stubbornKinds(key: string): readonly StubbornKind[] {
  const shown = `X-Glambdar-Key: ${key}`;
  const whole = ({ method, path, headers = [], body = '' }: Route, ...more: readonly string[]) =>
    rawRequest(method, path, body, [shown, ...headers, ...more]);
  const next = (route: Route) => whole(route, 'Connection: close');
  const half = ({ method, path, headers = [], body = '' }: Route, framing: string) =>
    `${head(`${method} ${path} HTTP/1.1`, [shown, ...headers, framing])}${body.slice(0, body.length / 2)}`;
  const health = next({ method: 'GET', path: '/health/live' });
  const call: Route = { method: 'POST', path: `/invoke/${functionName}`, body: 'abc' };
  const follow: Route = { method: 'GET', path: '/logs/prints?follow=true' };

  const halfBodies = routesWithBodies.flatMap((route): StubbornKind[] => {
    const title = `half a body: ${route.method} ${route.path}`;
    const { requestMs: limitMs } = limits;
    const announced = half(route, `Content-Length: ${lengthAnnounced}`);
    return [
      { title, limitMs, bytes: announced, next: next(route) },
      { title: `${title}, dripping`, limitMs, bytes: announced, drip: 'x', next: next(route) },
      {
        title: `${title}, in chunks`,
        limitMs,
        bytes: head(`${route.method} ${route.path} HTTP/1.1`, [
          shown,
          ...(route.headers ?? []),
          'Transfer-Encoding: chunked',
        ]),
        drip: '1\r\nx\r\n',
        next: next(route),
      },
      { title: `${title}, half closed`, limitMs, bytes: announced, closesHalf: true, next: next(route) },
    ];
  });

  const unread = routesWithAnswers.map((route): StubbornKind => ({
    title: `answers that nobody reads: ${route.path}`,
    limitMs: limits.sendMs + limits.requestMs,
    bytes: whole(route).repeat(manyUnread),
    next: next(route),
  }));

  return [
    { title: 'nothing at all', limitMs: limits.headersMs, bytes: '', next: health },
    {
      title: 'half of the headers',
      limitMs: limits.headersMs,
      bytes: 'GET /info HTTP/1.1\r\nHost: 127.0.0.1\r\n',
      next: health,
    },
    {
      title: 'half of the headers, dripping',
      limitMs: limits.headersMs,
      bytes: 'GET /info HTTP/1.1\r\nHost: 127.0.0.1\r\nX-A: ',
      drip: 'x',
      next: health,
    },
    {
      title: 'half of the headers, half closed',
      limitMs: limits.headersMs,
      bytes: 'GET /info HTTP/1.1\r\nHost: 127.0.0.1\r\n',
      closesHalf: true,
      next: health,
    },
    { title: 'no HTTP', limitMs: 0, bytes: 'hello\r\n\r\n', next: health },
    {
      title: 'a TLS greeting',
      limitMs: 0,
      bytes: '\x16\x03\x01\x02\0\x01\0\x01\xfc\x03\x03',
      drip: 'x',
      next: health,
    },
    { title: 'a tunnel', limitMs: 0, bytes: head('CONNECT a:80 HTTP/1.1', []), drip: 'x', next: health },
    {
      title: 'another protocol, and requests behind it',
      limitMs: 0,
      bytes: `${head('GET /info HTTP/1.1', ['Connection: Upgrade', 'Upgrade: websocket'])}${whole(call).repeat(20)}`,
      drip: 'x',
      next: health,
    },
    {
      title: 'HTTP/1.0 that wants to be kept',
      limitMs: limits.headersMs,
      bytes: head('GET /info HTTP/1.0', [shown, 'Connection: keep-alive']),
      next: health,
    },
    {
      title: 'a request without a key, and half its body',
      limitMs: 0,
      bytes: `${head('PATCH /settings/settings HTTP/1.1', [json, 'Content-Length: 100'])}{`,
      next: health,
    },
    {
      title: 'a body that is promised and never sent',
      limitMs: limits.requestMs,
      bytes: half(call, `Expect: 100-continue\r\nContent-Length: ${lengthAnnounced}`),
      next: next(call),
    },
    ...halfBodies,
    ...unread,
    {
      title: 'answers of calls that nobody reads',
      limitMs: limits.callMs + limits.sendMs + limits.requestMs,
      bytes: whole({ method: 'POST', path: '/invoke/large' }).repeat(unreadAnswers),
      next: next(call),
    },
    {
      title: 'streamed answers that nobody reads',
      limitMs: limits.callMs + limits.queueMs,
      bytes: whole({ method: 'GET', path: '/invoke/streams' }).repeat(2),
      next: next(call),
    },
    {
      title: 'calls that never end, many on one connection',
      limitMs: limits.callMs + limits.queueMs,
      bytes: whole({ method: 'GET', path: '/invoke/never' }).repeat(4),
      next: next(call),
    },
    {
      title: 'calls that never end, half closed',
      limitMs: limits.callMs + limits.queueMs,
      bytes: whole({ method: 'GET', path: '/invoke/never' }),
      closesHalf: true,
      next: next(call),
    },
    {
      title: 'followed logs',
      limitMs: limits.followMs,
      bytes: whole(follow, 'Accept: text/event-stream'),
      next: next(follow),
    },
    { title: 'followed logs as text', limitMs: limits.followMs, bytes: whole(follow), next: next(follow) },
    {
      title: 'answers behind a followed log',
      limitMs: limits.followMs,
      bytes: whole(follow) + whole({ method: 'POST', path: '/invoke/large' }).repeat(unreadAnswers),
      next: next(call),
    },
  ];
}

function head(requestLine: string, headers: readonly string[]): string {
  return `${[requestLine, 'Host: 127.0.0.1', ...headers].join('\r\n')}\r\n\r\n`;
}

interface Stubbornness {
  /** All that it sends at once. */
  readonly bytes: string;
  /** What it goes on sending, a little at a time, for as long as somebody takes it. */
  readonly drip?: string;
  /** It closes its sending side, and only that, once the bytes are sent. */
  readonly closesHalf?: boolean;
}

const dripMs = 200;

/** A client that never reads, never closes and never finishes, whatever the server does with the connection. */
export class StubbornClient {
  private dripping: NodeJS.Timeout | undefined;

  private constructor(private readonly socket: Socket) {}

  static async open(
    port: number,
    { bytes, drip, closesHalf = false }: Stubbornness,
  ): Promise<StubbornClient> {
    // Neither side's end ends the other's, and what the server sends stays in the kernel.
    const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true, noDelay: true });
    socket.on('error', () => undefined).pause();
    await once(socket, 'connect').catch(() => undefined);
    socket.write(bytes);
    if (closesHalf) socket.end();
    const client = new StubbornClient(socket);
    if (drip !== undefined) {
      client.dripping = setInterval(() => {
        if (socket.writable && socket.writableLength === 0) socket.write(drip);
      }, dripMs);
    }
    return client;
  }

  /** The trial is over. */
  letGo(): void {
    clearInterval(this.dripping);
    this.socket.destroy();
  }
}
