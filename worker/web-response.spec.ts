import { Readable } from 'node:stream';
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { ResponseFormat } from '../src/ipc/protocol/messages.js';
import { discard } from './chunks.js';
import { renderResponse } from './response.js';

const formats: readonly ResponseFormat[] = ['simple', 'lambda'];

/** Its head, and its body read whole; `isWhole` where that was there at once. */
async function rendered(returned: unknown, responseFormat: ResponseFormat = 'simple') {
  const answer = await renderResponse(returned, { responseFormat, maxResultBytes: 1000 });
  if (answer.kind === 'response') {
    const { statusCode, headers, body } = answer;
    return { statusCode, headers, body: body.toString(), isWhole: true };
  }
  if (answer.kind !== 'stream') return answer;
  const { statusCode, headers, chunks } = answer;
  const read: Uint8Array[] = [];
  for await (const chunk of chunks) read.push(chunk as Uint8Array);
  return { statusCode, headers, body: Buffer.concat(read).toString(), isWhole: false };
}

const plain = { 'content-type': 'text/plain;charset=UTF-8' };
const bytes = { 'content-type': 'application/octet-stream' };
const encoder = new TextEncoder();

function streamOf(...steps: (string | Error)[]): ReadableStream<Uint8Array> {
  return new ReadableStream({
    async pull(controller) {
      await nextTurn();
      const step = steps.shift();
      if (step === undefined) controller.close();
      else if (typeof step === 'string') controller.enqueue(encoder.encode(step));
      else controller.error(step);
    },
  });
}

function withCookies(): Response {
  const response = new Response('x', { headers: { 'X-A': 'b' } });
  response.headers.append('set-cookie', 'a=1');
  response.headers.append('set-cookie', 'b=2');
  return response;
}

/** As `fetch` gives it: with an address. */
function fetched(headers: Record<string, string>): Response {
  return Object.defineProperty(new Response('x', { headers }), 'url', { value: 'http://a.test/' });
}

describe('a web Response that a handler returns', () => {
  it.each<[string, () => unknown, number, object, string, boolean]>([
    ['text and a status', () => new Response('no', { status: 404 }), 404, plain, 'no', true],
    ['no body', () => new Response(null, { status: 204 }), 204, {}, '', true],
    ['a redirect', () => Response.redirect('http://a.test/'), 302, { location: 'http://a.test/' }, '', true],
    ['JSON', () => Response.json({ a: 1 }), 200, { 'content-type': 'application/json' }, '{"a":1}', true],
    [
      'the JSON of a text',
      () => Response.json('a'),
      200,
      { 'content-type': 'application/json' },
      '"a"',
      true,
    ],
    ['text without quotes', () => new Response('{}'), 200, plain, '{}', true],
    ['bytes', () => new Response(encoder.encode('b')), 200, bytes, 'b', true],
    ['several cookies', withCookies, 200, { ...plain, 'x-a': 'b', 'set-cookie': ['a=1', 'b=2'] }, 'x', true],
    ['a clone', () => new Response('x').clone(), 200, plain, 'x', true],
    [
      'a form',
      () => new Response(new URLSearchParams({ a: '1' })),
      200,
      { 'content-type': 'application/x-www-form-urlencoded;charset=UTF-8' },
      'a=1',
      true,
    ],
    ['a stream', () => new Response(streamOf('a', 'b')), 200, bytes, 'ab', false],
    [
      'more than one answer may have',
      () => new Response('x'.repeat(1001)),
      200,
      plain,
      'x'.repeat(1001),
      false,
    ],
  ])('with %s is the response', async (_, returned, statusCode, headers, body, isWhole) => {
    for (const format of formats) {
      await expect(rendered(returned(), format)).resolves.toEqual({ statusCode, headers, body, isWhole });
    }
  });

  it('may have a blob, whichever way that is read', async () => {
    const answer = await rendered(new Response(new Blob(['ab'], { type: 'text/x' })));
    expect(answer).toMatchObject({ headers: { 'content-type': 'text/x' }, body: 'ab' });
  });

  it('may have a form with files, whose type names its boundary', async () => {
    const form = new FormData();
    form.set('file', new Blob(['inside']), 'a.txt');
    const answer = await rendered(new Response(form));
    expect(answer).toHaveProperty('body', expect.stringContaining('inside'));
    expect(answer).toHaveProperty(
      ['headers', 'content-type'],
      expect.stringMatching(/^multipart\/form-data; boundary=/),
    );
  });

  it('may be of a class of its own, or the body of another answer', async () => {
    class Own extends Response {}
    await expect(rendered(new Own('x', { status: 201 }))).resolves.toMatchObject({
      statusCode: 201,
      body: 'x',
    });
    await expect(rendered({ statusCode: 201, body: new Response('x', { status: 404 }) })).resolves.toEqual({
      ...{ statusCode: 201, headers: plain, body: 'x', isWhole: true },
    });
    const headers = { 'content-type': 'text/html' };
    await expect(rendered({ headers, body: Promise.resolve(new Response('x')) })).resolves.toMatchObject({
      headers,
    });
  });

  it.each([
    ['a Buffer', Buffer.from('hi')],
    ['text', 'hi'],
    ['a stream of Node', Readable.from([Buffer.from('hi')])],
  ])('may come of a package whose body is %s', async (_, body) => {
    const raw = () => ({ 'content-type': ['text/x'], 'set-cookie': ['a=1', 'b=2'] });
    const headers = {
      raw,
      [Symbol.iterator]: () => Object.entries({ 'set-cookie': 'a=1, b=2' })[Symbol.iterator](),
    };
    const returned = {
      [Symbol.toStringTag]: 'Response',
      status: 201,
      url: '',
      bodyUsed: false,
      headers,
      body,
    };
    await expect(rendered(returned)).resolves.toMatchObject({
      ...{
        statusCode: 201,
        headers: { 'content-type': ['text/x'], 'set-cookie': ['a=1', 'b=2'] },
        body: 'hi',
      },
    });
  });

  it('that was fetched is passed on without the length and the coding that `fetch` has taken off', async () => {
    const headers = { 'content-encoding': 'gzip, br', 'content-length': '5', etag: 'e' };
    await expect(rendered(fetched(headers))).resolves.toMatchObject({ headers: { ...plain, etag: 'e' } });
    const answer = await rendered(fetched({ 'content-encoding': 'own', 'content-length': '5' }));
    expect(answer).toHaveProperty('headers', { ...plain, 'content-encoding': 'own', 'content-length': '5' });
    const made = await rendered(new Response('x', { headers }));
    expect(made).toHaveProperty('headers', { ...plain, ...headers });
  });

  it.each<[string, () => Promise<Response> | Response, string]>([
    ['an error', () => Response.error(), "The function's status must be an integer from 200 to 599, not 0."],
    [
      'a body that was read',
      async () => {
        const response = new Response('x');
        await response.text();
        return response;
      },
      'The function returned a Response whose body has been read already; return a clone() made before, or a new one.',
    ],
    [
      'a body that somebody else reads',
      () => {
        const response = new Response(streamOf('a'));
        response.body?.getReader();
        return response;
      },
      'The function returned a Response whose body has been read already; return a clone() made before, or a new one.',
    ],
  ])('with %s is refused', async (_, returned, reason) => {
    await expect(rendered(await returned())).resolves.toEqual({ kind: 'invalid-result', reason });
  });

  it('fails with the error of a body that fails at once, and breaks off with one that fails later', async () => {
    const failed = new ReadableStream({
      start(controller) {
        controller.error(new RangeError('at once'));
      },
    });
    await expect(rendered(new Response(failed))).rejects.toThrow('at once');
    const answer = renderResponse(new Response(streamOf('a', new RangeError('half way'))), {
      responseFormat: 'simple',
      maxResultBytes: 1000,
    });
    await expect(answer).resolves.toHaveProperty('kind', 'stream');
    await expect(rendered(new Response(streamOf('a', new RangeError('half way'))))).rejects.toThrow(
      'half way',
    );
  });

  it('has its head before its first chunk', async () => {
    const never = new ReadableStream();
    const rules = { responseFormat: 'simple', maxResultBytes: 1000 } as const;
    await expect(renderResponse(new Response(never), rules)).resolves.toHaveProperty('kind', 'stream');
  });

  it('is let go of without being read to its end', async () => {
    const letGo = Promise.withResolvers<unknown>();
    const body = new ReadableStream({ cancel: letGo.resolve });
    const rules = { responseFormat: 'simple', maxResultBytes: 1000 } as const;
    const answer = await renderResponse(new Response(body), rules);
    if (answer.kind === 'stream') discard(answer.chunks);
    await expect(letGo.promise).resolves.toBeUndefined();
  });
});
