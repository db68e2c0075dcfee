/**
 * Content as the web's own classes carry it. They are known by their tags: naming a class would load all of fetch (40 ms
 * of a first call), and packages such as `node-fetch` have classes of their own.
 */
import type { ReadableStream, ReadableStreamDefaultReader } from 'node:stream/web';
import { bytesOf, type Chunks } from './chunks.js';
import { bytesFrom, nextTurn, tagOf } from './primordials.js';
import { type Headers, headersOf, InvalidResult } from './response-headers.js';

/** What `fetch`, `new Response` and the packages in their place have in common. */
export interface WebResponse {
  readonly status: number;
  readonly headers: object;
  readonly url?: string;
  readonly bodyUsed?: boolean;
  readonly body: unknown;
}

interface Content {
  readonly body: unknown;
  /** What its bytes are, when it says so itself. */
  readonly type?: string | undefined;
}

export function isWebResponse(value: unknown): value is WebResponse {
  return isObject(value) && tagOf(value) === '[object Response]';
}

function isBlob(value: unknown): value is Blob {
  return isObject(value) && ['[object Blob]', '[object File]'].includes(tagOf(value));
}

/** Codings that `fetch` removes from a body and leaves in its headers. */
const decodedByFetch = ['gzip', 'x-gzip', 'deflate', 'br', 'zstd'];

/** The headers of a response; of a fetched one without the coding and length that its body no longer has. */
export function headersOfWebResponse({ headers, url = '' }: WebResponse): Headers {
  const given = headersOf(headers);
  const codings = String(given.get('content-encoding') ?? '').split(/\s*,\s*/);
  if (url !== '' && codings.every((coding) => decodedByFetch.includes(coding.toLowerCase()))) {
    given.delete('content-encoding');
    given.delete('content-length');
  }
  return given;
}

/**
 * A body as the rest of the worker takes it. For a `Response` or a `Blob` it is bytes, if all of them are there and no
 * more than `maxBytes`, and otherwise a stream; any other body is returned as it is.
 */
export async function contentOf(body: unknown, maxBytes: number): Promise<Content> {
  if (isBlob(body)) {
    const isSmall = body.size <= maxBytes;
    return {
      body: isSmall ? await body.arrayBuffer() : body.stream(),
      type: body.type === '' ? undefined : body.type,
    };
  }
  if (!isWebResponse(body)) return { body };
  const type = headersOf(body.headers).get('content-type');
  return { body: await bodyOf(body, maxBytes), type: Array.isArray(type) ? type[0] : type };
}

/** A promise only if there is a stream to look into. */
function bodyOf({ body, bodyUsed }: WebResponse, maxBytes: number): unknown {
  if (body === null || body === undefined) return undefined;
  if (bodyUsed === true || isLocked(body)) {
    throw new InvalidResult(
      'The function returned a Response whose body has been read already; return a clone() made before, or a new one.',
    );
  }
  // Classes in place of the web's own have streams of Node, bytes, and text that is no JSON.
  if (typeof body === 'string') return bytesFrom(body, 'utf8');
  return isWebStream(body) ? readAtOnce(body, maxBytes) : body;
}

function isLocked(body: unknown): boolean {
  return isObject(body) && 'locked' in body && body.locked === true;
}

function isWebStream(body: unknown): body is ReadableStream<unknown> {
  return isObject(body) && 'getReader' in body && typeof body.getReader === 'function';
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

const later = Symbol('later');

/**
 * What a stream holds, if all of it is there at once and no more than `maxBytes`: so an answer made with
 * `new Response(text)` has a length and is sent buffered. It waits for nothing: a stream that has not ended within one
 * turn of the event loop is a body in chunks, of which the first have been read.
 */
async function readAtOnce(stream: ReadableStream<unknown>, maxBytes: number): Promise<Buffer | Chunks> {
  const reader = stream.getReader();
  const turn = new Promise<typeof later>((resolve) => {
    nextTurn(() => {
      resolve(later);
    });
  });
  const read: Buffer[] = [];
  let bytes = 0;
  for (;;) {
    const reading = reader.read();
    const outcome = bytes > maxBytes ? later : await Promise.race([reading, turn]);
    if (outcome === later) return chunksFrom(reader, read, reading);
    if (outcome.done) return Buffer.concat(read);
    const chunk = bytesOf(outcome.value);
    read.push(chunk);
    bytes += chunk.length;
  }
}

/** The stream from its start; `cancel` releases it even during a read. */
function chunksFrom(
  reader: ReadableStreamDefaultReader<unknown>,
  read: readonly Buffer[],
  reading: ReturnType<typeof reader.read>,
): Chunks & { readonly cancel: () => Promise<void> } {
  // Its failure is that of the read which comes to it; until then nobody waits for it.
  reading.catch(() => undefined);
  const cancel = () => reader.cancel();
  return {
    cancel,
    async *[Symbol.asyncIterator]() {
      try {
        yield* read;
        for (let next = await reading; !next.done; next = await reader.read()) yield next.value;
      } finally {
        await cancel();
      }
    },
  };
}
