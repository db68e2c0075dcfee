import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { Controller, Get, Param, Post, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { exchangeRaw } from '../../test/support/raw-connection.js';
import { startHttpApp, type HttpApp } from '../../test/support/http-app.js';
import { DomainError } from '../common/errors/domain-error.js';
import { readRequestBody } from '../common/request-body/read-request-body.js';

const limitBytes = 100_000;

@Controller()
class TestedController {
  @Get('things/:name')
  thing(@Param('name') name: string): object {
    if (name === 'missing') throw new DomainError('FUNCTION_NOT_FOUND', 'There is no such thing.');
    if (name === 'broken') throw new Error('ENOENT: no such file, open /var/lib/secret');
    if (name === 'busy') throw new DomainError('OVERLOADED', 'Try again later.', { retryAfterMs: 1500 });
    return { name };
  }

  @Post('things')
  async body(@Req() request: Request): Promise<object> {
    return { bytes: (await readRequestBody(request, { limitBytes })).length };
  }

  @Get('half')
  half(@Res() response: Response): void {
    response.status(200).write('half of an ans');
    throw new Error('too late');
  }

  @Post('invoke/:name')
  call(@Res() response: Response): void {
    response.setHeader('X-Glambdar-Invocation-Id', 'call-1');
    throw new DomainError('FUNCTION_ERROR', 'The handler threw.');
  }
}

let served: HttpApp;
beforeAll(async () => {
  served = await startHttpApp([TestedController]);
});
afterAll(() => served.close());
afterEach(() => served.log.lines.splice(0));

async function problemAt(path: string, init?: RequestInit) {
  const response = await fetch(`${served.url}${path}`, init);
  return { response, problem: (await response.json()) as Record<string, unknown> };
}

describe('an error of a route', () => {
  it('is application/problem+json with the status of its code', async () => {
    const { response, problem } = await problemAt('/things/missing');
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
    expect(problem).toMatchObject({
      code: 'FUNCTION_NOT_FOUND',
      status: 404,
      error: 'There is no such thing.',
    });
  });

  it('is not logged when it was the caller that erred', async () => {
    await problemAt('/things/missing');
    expect(served.log.lines).toEqual([]);
  });

  it('says when to come back', async () => {
    const { response } = await problemAt('/things/busy');
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '2']);
  });

  it('hides a defect from the client and shows it to the log, with its cause', async () => {
    const { response, problem } = await problemAt('/things/broken');
    expect(response.status).toBe(500);
    expect(JSON.stringify(problem)).not.toContain('/var/lib');
    expect(served.log.lines).toHaveLength(1);
    expect(served.log.lines[0]).toMatchObject({ level: 'error', fields: { route: '/things/:name' } });
    expect((served.log.lines[0]!.fields['err'] as Error).stack).toContain('/var/lib/secret');
  });

  it('carries the id of the call that failed', async () => {
    const { problem } = await problemAt('/invoke/x', { method: 'POST' });
    expect(problem).toMatchObject({ code: 'FUNCTION_ERROR', invocationId: 'call-1' });
  });

  it('breaks an answer that has begun instead of completing it', async () => {
    // The connection may break before the client has read as much as the status.
    const answer = fetch(`${served.url}/half`).then((response) => response.text());
    await expect(answer).rejects.toThrow();
    expect(served.log.messagesAt('error')).toHaveLength(1);
  });
});

describe('a request that no route takes', () => {
  it('is 404 where there is nothing', async () => {
    const { response, problem } = await problemAt('/nothing/here');
    expect([response.status, problem['code']]).toEqual([404, 'ROUTE_NOT_FOUND']);
  });

  it('is 405 and names the methods where there are others', async () => {
    const { response, problem } = await problemAt('/things/x', { method: 'DELETE' });
    expect([response.status, problem['code']]).toEqual([405, 'METHOD_NOT_ALLOWED']);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });

  it.each(['/things/%ff', '/things/%', '/things/%E0%A4%A'])(
    'is 400 for a path that decodes to nothing: %s',
    async (path) => {
      const { response, problem } = await problemAt(path);
      expect([response.status, problem['code']]).toEqual([400, 'MALFORMED_REQUEST']);
    },
  );
});

describe('a body above the limit', () => {
  it('is refused by its declared length, before it is sent, and the connection closes', async () => {
    const answer = await exchangeRaw(
      served.port,
      `POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: ${limitBytes + 1}\r\n\r\n${'x'.repeat(limitBytes + 1)}`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
    expect(answer).toContain('Connection: close');
    expect(answer).toContain('PAYLOAD_TOO_LARGE');
  });

  it('is refused by counting where no length is declared', async () => {
    const chunk = 'x'.repeat(limitBytes);
    const answer = await exchangeRaw(
      served.port,
      `POST /things HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n${limitBytes.toString(16)}\r\n${chunk}\r\n1\r\nx\r\n0\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('leaves a client that goes on sending its answer to read', async () => {
    const { response } = await problemAt('/things', { method: 'POST', body: Buffer.alloc(20 * limitBytes) });
    expect(response.status).toBe(413);
  });

  it('is none at the limit', async () => {
    const response = await fetch(`${served.url}/things`, { method: 'POST', body: Buffer.alloc(limitBytes) });
    await expect(response.json()).resolves.toEqual({ bytes: limitBytes });
  });
});

describe('a client that leaves in the middle of its request', () => {
  it('harms nobody', async () => {
    const left = once(served.app.getHttpServer(), 'request');
    const socket = connect(served.port, '127.0.0.1');
    socket.write('POST /things HTTP/1.1\r\nHost: x\r\nContent-Length: 10\r\n\r\nhalf');
    const [request] = (await left) as [IncomingMessage];
    const closed = new Promise((resolve) => request.on('close', resolve));
    socket.destroy();
    await closed;
    expect((await fetch(`${served.url}/things/x`)).status).toBe(200);
    expect(served.log.lines).toEqual([]);
  });
});

describe('headers', () => {
  it('do not tell what the server is made of', async () => {
    const { headers } = await fetch(`${served.url}/things/x`);
    expect(headers.get('x-powered-by')).toBeNull();
    expect(headers.get('etag')).toBeNull();
  });

  it.each(['/things/x', '/things/missing', '/nothing', '/invoke/x'])(
    'of %s forbid guessing at content',
    async (path) => {
      const { headers } = await fetch(`${served.url}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
    },
  );

  it('of a management answer keep pages from being framed and scripted, but never ask for HTTPS', async () => {
    const { headers } = await fetch(`${served.url}/things/x`);
    expect(headers.get('content-security-policy')).toContain("default-src 'self'");
    expect(headers.get('content-security-policy')).not.toContain('upgrade-insecure-requests');
    expect(headers.get('strict-transport-security')).toBeNull();
  });

  it('of a management answer repeat a harmless request id, and replace any other', async () => {
    const idGiven = async (id: string) =>
      (await fetch(`${served.url}/things/x`, { headers: { 'X-Request-Id': id } })).headers.get(
        'x-request-id',
      );
    await expect(idGiven('deploy-42')).resolves.toBe('deploy-42');
    await expect(idGiven('not harmless')).resolves.toMatch(/^[0-9a-f-]{36}$/);
  });

  it('above their limit are refused', async () => {
    const answer = await exchangeRaw(
      served.port,
      `GET / HTTP/1.1\r\nHost: x\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });

  it('of an answer to a request without a body leave the connection open, also when it is an error', async () => {
    const request = 'GET /nothing HTTP/1.1\r\nHost: x\r\n';
    const bytes = `${request}Content-Length: 0\r\n\r\n${request}Connection: close\r\n\r\n`;
    const answers = await exchangeRaw(served.port, bytes);
    expect(answers.match(/HTTP\/1\.1 404 /g)).toHaveLength(2);
  });
});
