import type { Request } from 'express';
import { once } from 'node:events';
import { PassThrough } from 'node:stream';
import { UploadBody } from './upload-body.js';

function begin(limitBytes = 1_000_000) {
  const request = Object.assign(new PassThrough({ highWaterMark: 1_000_000 }), { headers: {} });
  const body = new UploadBody(request as unknown as Request, limitBytes);
  const chunks: Buffer[] = [];
  body.on('data', (chunk: Buffer) => chunks.push(chunk));
  return { request, body, chunks };
}

const sizesOf = (chunks: readonly Buffer[]) => chunks.map(({ length }) => length);

describe('the body of an upload', () => {
  it('is handed on in the pieces that arrive together, whatever the chunks they are in', async () => {
    const { request, body, chunks } = begin();
    for (let count = 0; count < 500; count += 1) request.write('x');
    await once(body, 'data');
    expect(sizesOf(chunks)).toEqual([500]);
    for (let count = 0; count < 5; count += 1) request.write(Buffer.alloc(10_000, 1));
    request.end('end');
    await once(body, 'end');
    expect(Math.min(...sizesOf(chunks.slice(1, -1)))).toBeGreaterThanOrEqual(16 * 1024);
    expect(Buffer.concat(chunks)).toEqual(
      Buffer.concat([Buffer.alloc(500, 'x'), Buffer.alloc(50_000, 1), Buffer.from('end')]),
    );
  });

  it('ends with a refusal where its chunks stay tiny', async () => {
    const { request, body } = begin();
    for (let count = 0; count < 1025; count += 1) request.write('x');
    const [error] = (await once(body, 'error')) as unknown[];
    expect(error).toMatchObject({ code: 'MALFORMED_REQUEST' });
    expect(request.destroyed).toBe(false);
  });

  it('ends with a refusal where it is larger than any form', async () => {
    const { request, body } = begin(10);
    request.write('x'.repeat(11));
    const [error] = (await once(body, 'error')) as unknown[];
    expect(error).toMatchObject({ code: 'ARCHIVE_TOO_LARGE' });
    expect(request.destroyed).toBe(false);
  });

  it('ends where the client leaves', async () => {
    const { request, body } = begin();
    request.write('x');
    request.destroy();
    const [error] = (await once(body, 'error')) as unknown[];
    expect(error).toMatchObject({ message: 'Request aborted' });
  });
});
