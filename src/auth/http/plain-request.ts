import type { IncomingMessage } from 'node:http';
import { DomainError } from '../../common/errors/domain-error.js';

type RequestHead = Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'httpVersion'>;

/** What is wrong with a request whatever it asks for. */
export function requestProblem(request: RequestHead): DomainError | undefined {
  return hostsProblem(request) ?? codingProblem(request);
}

/**
 * Two hosts in one request are two readings of it: a proxy may have taken the one, this server the other. None at all
 * is against HTTP/1.1; Node would refuse that by itself, but without a word.
 */
function hostsProblem({ rawHeaders, httpVersion }: RequestHead): DomainError | undefined {
  let hosts = 0;
  for (let index = 0; index < rawHeaders.length; index += 2) {
    const name = rawHeaders[index];
    if (name?.length === 4 && name.toLowerCase() === 'host') hosts += 1;
  }
  if (hosts > 1) return new DomainError('MALFORMED_REQUEST', 'The request names more than one host.');
  if (hosts === 0 && httpVersion === '1.1')
    return new DomainError('MALFORMED_REQUEST', 'The request names no host.');
  return undefined;
}

/**
 * Node takes the chunks apart and nothing else: a body that is compressed on its way, too, would reach whoever reads it
 * as bytes that nobody can tell from the body itself (RFC 9112, section 6.1, asks for 501).
 */
function codingProblem({ headers }: RequestHead): DomainError | undefined {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return undefined;
  return new DomainError(
    'UNSUPPORTED_TRANSFER_CODING',
    'The server knows no transfer coding but "chunked"; send the body without the others, or compressed with a Content-Encoding.',
  );
}
