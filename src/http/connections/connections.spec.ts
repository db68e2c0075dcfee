import { Controller, Get, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { once } from 'node:events';
import type { ServerResponse } from 'node:http';
import { connect, type Socket } from 'node:net';
import { startHttpApp, type HttpApp } from '../../../test/support/http-app.js';
import { exchangeRaw } from '../../../test/support/raw-connection.js';
import { becomeLastResponse } from '../../common/connection/last-response.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { readRequestBody } from '../../common/request-body/read-request-body.js';

/** The answer that `late` is to give. */
let late: ServerResponse | undefined;

/** Pieces of bodies that Node has handed on to the test's routes. */
let pieces = 0;

function countPieces(request: Request): void {
  pieces += request.readableLength;
  const push = request.push.bind(request);
  request.push = (piece) => {
    pieces += 1;
    return push(piece);
  };
}

let working = Promise.withResolvers<ServerResponse>();
let finishWork = Promise.withResolvers<string>();

@Controller()
class TestedController {
  @Get('quick')
  quick(): string {
    return 'quick';
  }

  @Get('working')
  async working(@Req() request: Request): Promise<string> {
    working.resolve(request.res!);
    return finishWork.promise;
  }

  /** Begins its answer and sends no more. */
  @Get('begun')
  begun(@Res() response: Response): void {
    response.write('begun');
    working.resolve(response);
  }

  /** As a followed log: its answer lasts, and is the last one of its connection. */
  @Get('lasting')
  lasting(@Res() response: Response): void {
    becomeLastResponse(response);
    response.write('lasting');
    working.resolve(response);
  }

  /** As `lasting`, once there is something to say. */
  @Get('late')
  late(@Res() response: Response): void {
    late = response;
  }

  /** Answers without a look at the body. */
  @Post('unread')
  unread(@Req() request: Request): string {
    countPieces(request);
    return 'unread';
  }

  @Post('refused')
  refused(@Req() request: Request): never {
    countPieces(request);
    throw new DomainError('UNAUTHENTICATED', 'Send a key.');
  }

  @Post('read')
  async read(@Req() request: Request): Promise<number> {
    countPieces(request);
    return (await readRequestBody(request, { limitBytes: 10_000_000 })).length;
  }
}

const limit = 3;
let served: HttpApp;
let sockets: Socket[];
beforeEach(async () => {
  working = Promise.withResolvers();
  finishWork = Promise.withResolvers();
  sockets = [];
  served = await startHttpApp([TestedController], {
    connections: limit,
    headersTimeoutMs: 300,
    closeTimeoutMs: 0,
  });
});
afterEach(async () => {
  finishWork.resolve('done');
  for (const socket of sockets) socket.destroy();
  await served.close();
});

/** A client that never closes its side, whatever the server does. */
async function open(bytes: string): Promise<Socket> {
  const socket = connect({ port: served.port, host: '127.0.0.1', allowHalfOpen: true });
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(bytes);
  return socket;
}

function serverClosesOne(): Promise<unknown> {
  const server = served.app.getHttpServer();
  return new Promise((resolve) => {
    server.once('connection', (socket: Socket) => socket.once('close', resolve));
  });
}

async function textFrom(socket: Socket): Promise<string> {
  const chunks: Buffer[] = [];
  socket.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(socket, 'end');
  return Buffer.concat(chunks).toString('latin1');
}

const host = 'Host: x\r\n';

describe('a connection that was answered for the last time', () => {
  it.each([
    ['its headers never ended', `GET /quick HTTP/1.1\r\n${host}`],
    ['it was no HTTP', 'hello\r\n\r\n'],
    ['it asked for a tunnel', `CONNECT a:80 HTTP/1.1\r\n${host}\r\n`],
    ['its body never ended', `POST /refused HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nab`],
    ['its body is of no use to anybody', `GET /quick HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nab`],
    ['it was the last one wanted', `GET /quick HTTP/1.1\r\n${host}Connection: close\r\n\r\n`],
  ])('is closed although its client never reads nor closes: %s', async (_, bytes) => {
    const closed = serverClosesOne();
    const socket = await open(bytes);
    socket.pause();
    await closed;
  });
});

describe('a server with as many connections as it may have', () => {
  it('closes the one that has waited longest, and serves whoever comes', async () => {
    for (let count = 0; count < limit; count += 1) await open(`GET /quick HTTP/1.1\r\n${host}`);
    const answer = await exchangeRaw(served.port, `GET /quick HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });

  it('closes none that is being answered', async () => {
    const busy = await open(`GET /working HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    const answer = textFrom(busy);
    await working.promise;
    for (let count = 0; count < 2 * limit; count += 1) await open(`GET /quick HTTP/1.1\r\n${host}`);
    finishWork.resolve('done');
    await expect(answer).resolves.toContain('done');
  });

  it('counts one that was answered and lingers among those that wait', async () => {
    const answers: Promise<unknown>[] = [];
    for (let count = 0; count < limit; count += 1) {
      const socket = await open(`POST /refused HTTP/1.1\r\n${host}Content-Length: 10\r\n\r\nab`);
      answers.push(once(socket, 'data'));
    }
    await Promise.all(answers);
    const answer = await exchangeRaw(served.port, `GET /quick HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('requests that are sent on one connection without waiting for answers', () => {
  const quick = `GET /quick HTTP/1.1\r\n${host}\r\n`;
  const last = `GET /quick HTTP/1.1\r\n${host}Connection: close\r\n\r\n`;

  it('are answered, sixty-four of them', async () => {
    const answers = await textFrom(await open(quick.repeat(63) + last));
    expect(answers.match(/HTTP\/1\.1 200 /g)).toHaveLength(64);
  });

  it('end the connection where they are more, whatever the first one waits for', async () => {
    const closed = serverClosesOne();
    await open(`GET /working HTTP/1.1\r\n${host}\r\n${quick.repeat(64)}`);
    const left = once(await working.promise, 'close');
    await Promise.all([closed, left]);
    const answer = await exchangeRaw(served.port, last);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
  });
});

describe('an answer that is the last of its connection', () => {
  const request = (path: string) => `GET /${path} HTTP/1.1\r\n${host}\r\n`;

  it('says so, and goes on until it ends', async () => {
    const socket = await open(request('lasting'));
    const answer = textFrom(socket);
    (await working.promise).end('!');
    expect(await answer).toMatch(/^HTTP\/1\.1 200 .*\r\nConnection: close\r\n.*lasting.*!/s);
  });

  it('ends with its connection where a request is sent behind it, which is not served', async () => {
    const socket = await open(request('lasting'));
    const left = once(await working.promise, 'close');
    socket.write(request('working'));
    await left;
  });

  it('ends with its connection where one was sent behind it before it began', async () => {
    const closed = serverClosesOne();
    await open(request('late') + request('begun'));
    await working.promise;
    becomeLastResponse(late!);
    await closed;
  });
});

describe('a client that closes its side once its request is sent', () => {
  it('is answered', async () => {
    const socket = await open('');
    const answer = textFrom(socket);
    socket.end(`GET /working HTTP/1.1\r\n${host}\r\n`);
    await working.promise;
    await once(socket, 'data');
    finishWork.resolve('done');
    await expect(answer).resolves.toMatch(/HTTP\/1\.1 200 .*done/s);
  });

  it('and leaves in the middle of an answer that is being made is noticed, though nothing is sent to it', async () => {
    const socket = await open(`GET /begun HTTP/1.1\r\n${host}\r\n`);
    const response = await working.promise;
    await once(socket, 'data');
    const left = once(response, 'close');
    socket.destroy();
    await left;
    expect(response.writableFinished).toBe(false);
  });

  it('and has left is noticed', async () => {
    const socket = await open(`GET /working HTTP/1.1\r\n${host}\r\n`);
    const response = await working.promise;
    const left = once(response, 'close');
    socket.destroy();
    await left;
    expect(response.writableFinished).toBe(false);
  });
});

describe('a request that Node would read otherwise than a proxy', () => {
  it('is the last one of its connection where it asks for another protocol', async () => {
    const answer = await exchangeRaw(
      served.port,
      `GET /quick HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\nGET /quick HTTP/1.1\r\n${host}\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(answer).toContain('Connection: close');
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
  });

  it('is taken with chunks, however they are spelt', async () => {
    const answer = await exchangeRaw(
      served.port,
      `POST /read HTTP/1.1\r\n${host}Connection: close\r\nTransfer-Encoding: Chunked\r\n\r\n1\r\na\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 201 /);
  });
});

describe('a body that comes in chunks of one byte', () => {
  /** As much as Node reads at once, and more. */
  const chunks = '1\r\na\r\n'.repeat(100_000);
  const post = (path: string) => `POST /${path} HTTP/1.1\r\n${host}Transfer-Encoding: chunked\r\n\r\n`;
  /** The server does not read to the end, so the connection is reset after the answer. */
  const answerTo = async (bytes: string) => {
    const socket = await open(bytes);
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(chunk));
    await new Promise((resolve) => socket.once('close', resolve).once('end', () => socket.destroy()));
    return Buffer.concat(received).toString('latin1');
  };
  beforeEach(() => {
    pieces = 0;
  });

  it('is refused after some hundred of them, and nothing is done for the rest of what was read with them', async () => {
    const answer = await answerTo(post('read') + chunks);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('too many tiny chunks');
    expect(pieces).toBeLessThan(700);
  });

  it.each(['refused', 'unread'])('costs next to nothing where nobody reads it: %s', async (path) => {
    const answer = await answerTo(post(path) + chunks);
    expect(answer).toMatch(/^HTTP\/1\.1 (401|201) /);
    expect(pieces).toBeLessThan(200);
  });

  it('is followed by requests that are read as any other, where nobody read it', async () => {
    const socket = await open(`${post('unread')}1\r\na\r\n`);
    const [first] = (await once(socket, 'data')) as [Buffer];
    expect(first.toString('latin1')).toMatch(/^HTTP\/1\.1 201 /);
    const rest = textFrom(socket);
    socket.write(`${'1\r\na\r\n'.repeat(3)}0\r\n\r\n${post('read')}5\r\nabcde\r\n0\r\n\r\n`);
    socket.write(`GET /quick HTTP/1.1\r\n${host}Connection: close\r\n\r\n`);
    expect(await rest).toMatch(/201 Created.*\r\n\r\n5HTTP\/1\.1 200 OK.*quick$/s);
  });
});
