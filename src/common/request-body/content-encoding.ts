import type { IncomingMessage } from 'node:http';
import { DomainError } from '../errors/domain-error.js';

/** The server decompresses nothing: a body of a few bytes could become any number of them. Throws `UNSUPPORTED_MEDIA_TYPE`. */
export function requireNoContentEncoding({ headers }: Pick<IncomingMessage, 'headers'>): void {
  const coding = (headers['content-encoding'] ?? '').trim().toLowerCase();
  if (coding === '' || coding === 'identity') return;
  throw new DomainError(
    'UNSUPPORTED_MEDIA_TYPE',
    'The body is compressed; send it as it is, without Content-Encoding.',
    { field: 'Content-Encoding' },
  );
}
