import { bytesFrom } from './primordials.js';

/** The kinds of values that need more than JSON: bytes, bodies in chunks, promises. */
type Bytes = ArrayBuffer | ArrayBufferView;

export function isBytes(value: object): value is Bytes {
  return value instanceof ArrayBuffer || ArrayBuffer.isView(value);
}

/** The same memory, not a copy. */
export function viewOf(bytes: Bytes): Buffer {
  if (bytes instanceof ArrayBuffer) return Buffer.from(bytes);
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** A body that comes in chunks: an async generator, a Node `Readable`, a web `ReadableStream`, … */
export type Chunks = AsyncIterable<unknown>;

/** The body as chunks, if that is what it is. */
export function chunksIn(body: unknown): Chunks | undefined {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return undefined;
  return typeof body[Symbol.asyncIterator] === 'function' ? (body as Chunks) : undefined;
}

/** A chunk is text or bytes; there is no one right way to send anything else. */
export function bytesOf(chunk: unknown): Buffer {
  if (typeof chunk === 'string') return bytesFrom(chunk, 'utf8');
  if (typeof chunk === 'object' && chunk !== null && isBytes(chunk)) return viewOf(chunk);
  const given = chunk === null ? 'null' : `a value of type ${typeof chunk}`;
  throw new TypeError(`A streamed body is made of strings and bytes, not ${given}.`);
}

/** Releases what a body that nobody will read holds: files, connections, timers. Its failures are ignored. */
export function discard(chunks: Chunks): void {
  const { destroy, cancel } = chunks as { readonly destroy?: unknown; readonly cancel?: unknown };
  void Promise.resolve()
    .then((): unknown => {
      if (typeof destroy === 'function') return destroy.call(chunks) as unknown;
      if (typeof cancel === 'function') return cancel.call(chunks) as unknown;
      return chunks[Symbol.asyncIterator]().return?.();
    })
    .catch(() => undefined);
}

/** A promise, or what is awaited as one. */
export function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}
