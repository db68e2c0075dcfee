import { Controller, Get, Post, Res } from '@nestjs/common';
import type { Response } from 'express';
import { connect } from 'node:net';
import { once } from 'node:events';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { exchangeRaw } from '../../test/support/raw-connection.js';

@Controller()
class TestedController {
  @Get('large')
  large(): string {
    return 'x'.repeat(20_000_000);
  }

  /** Closes, so that a raw exchange ends. */
  @Get('small')
  small(@Res() response: Response): void {
    response.set('Connection', 'close').send('small');
  }

  /** Never answers: for requests that go wrong while their route works. */
  @Post('waiting')
  waiting(): Promise<never> {
    return new Promise(() => undefined);
  }
}

let served: HttpApp;
beforeAll(async () => {
  served = await startHttpApp([TestedController], { sendTimeoutMs: 3000 });
});
afterAll(() => served.close());

function split(answer: string) {
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  return { head, body };
}

describe('bytes that are no request', () => {
  it.each([
    ['no HTTP', 'hello\r\n\r\n'],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nabcdef'],
    [
      'length and chunks',
      'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n',
    ],
  ])('are answered as every other error, and the connection ends: %s', async (_, bytes) => {
    const { head, body } = split(await exchangeRaw(served.port, bytes));
    expect(head).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/);
    expect(head).toContain('Connection: close');
    expect(head).toContain('Content-Type: application/problem+json; charset=utf-8');
    expect(head).toContain(`Content-Length: ${body.length}`);
    expect(JSON.parse(body)).toMatchObject({ code: 'MALFORMED_REQUEST', status: 400 });
  });

  it('are told when it was their headers that are too large', async () => {
    const { head, body } = split(
      await exchangeRaw(served.port, `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`),
    );
    expect(head).toMatch(/^HTTP\/1\.1 431 Request Header Fields Too Large\r\n/);
    expect(JSON.parse(body)).toMatchObject({ code: 'HEADERS_TOO_LARGE', status: 431 });
  });

  it.each([
    [99, 200],
    [100, 431],
    [1000, 431],
  ])(
    'are told when they have too many headers, which nobody drops: Host and %i others',
    async (count, status) => {
      const others = Array.from({ length: count }, (_, index) => `X-${index}: 1\r\n`).join('');
      const request = `GET /small HTTP/1.1\r\nHost: x\r\n${others}\r\n`;
      const { head, body } = split(await exchangeRaw(served.port, request));
      expect(head).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
      if (status === 431) expect(JSON.parse(body)).toMatchObject({ code: 'HEADERS_TOO_LARGE' });
    },
  );

  it.each([
    ['chunks that carry too much besides the body', `1;${'x'.repeat(20_000)}`, 413, 'PAYLOAD_TOO_LARGE'],
    ['chunks without a length', 'no length\r\n', 400, 'MALFORMED_REQUEST'],
  ])('are answered so in the middle of a request, too: %s', async (_, chunk, status, code) => {
    const request = `POST /waiting HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${chunk}`;
    const { head, body } = split(await exchangeRaw(served.port, request));
    expect(head).toContain(`HTTP/1.1 ${status} `);
    expect(JSON.parse(body)).toMatchObject({ code, status });
  });
});

describe('a request for another server', () => {
  it('to connect through this one is refused', async () => {
    const answer = await exchangeRaw(served.port, 'CONNECT example.com:80 HTTP/1.1\r\nHost: x\r\n\r\n');
    expect(split(answer).head).toMatch(/^HTTP\/1\.1 405 Method Not Allowed\r\n/);
  });
});

describe('an expectation', () => {
  it('that nobody meets is refused as every other error', async () => {
    const request = 'GET /large HTTP/1.1\r\nHost: x\r\nExpect: miracles\r\n\r\n';
    const { head, body } = split(await exchangeRaw(served.port, request));
    expect(head).toMatch(/^HTTP\/1\.1 417 Expectation Failed\r\n/);
    expect(head).toContain('Content-Type: application/problem+json; charset=utf-8');
    expect(body).toContain('"code":"EXPECTATION_FAILED"');
  });
});

describe('a client that does not read its answer', () => {
  it('loses the connection', async () => {
    const socket = connect(served.port, '127.0.0.1');
    socket.on('error', () => undefined).pause();
    await once(socket, 'connect');
    socket.write('GET /large HTTP/1.1\r\nHost: x\r\n\r\n');
    const server = served.app.getHttpServer();
    const [accepted] = (await once(server, 'request')) as [{ socket: NodeJS.EventEmitter }];
    await once(accepted.socket, 'close');
    socket.destroy();
  });

  it('keeps it while it reads, and between requests', async () => {
    // Longer than a busy machine may keep this process from its work: to the server, a client that could not read is one that did not.
    const patient = await startHttpApp([TestedController], { sendTimeoutMs: 30_000 });
    const answer = await fetch(`${patient.url}/large`);
    expect((await answer.text()).length).toBe(20_000_000);
    await expect(fetch(`${patient.url}/nothing`)).resolves.toMatchObject({ status: 404 });
    await patient.close();
  });
});
