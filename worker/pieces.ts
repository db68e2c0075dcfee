import { isBytes, viewOf } from './bytes.js';
import { bytesFrom } from './primordials.js';

/** A body that comes in pieces: an async generator, a Node `Readable`, a web `ReadableStream`, … */
export type Pieces = AsyncIterable<unknown>;

/** The body as pieces, if that is what it is. */
export function piecesIn(body: unknown): Pieces | undefined {
  if (typeof body !== 'object' || body === null || !(Symbol.asyncIterator in body)) return undefined;
  return typeof body[Symbol.asyncIterator] === 'function' ? (body as Pieces) : undefined;
}

/** Text or bytes; for anything else there is no one right way to send it. */
export function bytesOf(piece: unknown): Buffer {
  if (typeof piece === 'string') return bytesFrom(piece, 'utf8');
  if (typeof piece === 'object' && piece !== null && isBytes(piece)) return viewOf(piece);
  const given = piece === null ? 'null' : `a value of type ${typeof piece}`;
  throw new TypeError(`A streamed body is made of strings and bytes, not ${given}.`);
}

/** Lets go of what a body that nobody will read holds: files, connections, timers. Failures are nobody's any more. */
export function discard(pieces: Pieces): void {
  const { destroy, cancel } = pieces as { readonly destroy?: unknown; readonly cancel?: unknown };
  void Promise.resolve()
    .then((): unknown => {
      if (typeof destroy === 'function') return destroy.call(pieces) as unknown;
      if (typeof cancel === 'function') return cancel.call(pieces) as unknown;
      return pieces[Symbol.asyncIterator]().return?.();
    })
    .catch(() => undefined);
}
