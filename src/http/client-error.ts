import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError } from '../common/errors/domain-error.js';
import { endConnection } from './connections/half-closed.js';
import { problemOf } from './problem.js';

/** Answers what is no request, or came too slowly, in the shape of every other error, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  if (!socket.writable || error.code === 'ECONNRESET') {
    socket.destroy(error);
    return;
  }
  // An answer may be on its way already: what there is of it is sent, and another one would be read as its rest.
  endConnection(socket, hasBegunAnswer(socket) ? '' : problemAnswer(domainErrorOf(error)));
}

/** This is no proxy. Without an answer the client would only see its connection end. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  endConnection(
    socket,
    problemAnswer(
      new DomainError(
        'METHOD_NOT_ALLOWED',
        'The server does not open connections to others: it is not a proxy.',
      ),
    ),
  );
}

/** Node meets `100-continue` by itself; there is nothing else that a client could expect. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = problemOf(
    new DomainError(
      'EXPECTATION_FAILED',
      'The server supports no expectation except 100-continue; leave out the header Expect.',
    ),
  );
  response.writeHead(status, { ...headers, 'X-Content-Type-Options': 'nosniff', Connection: 'close' });
  response.end(JSON.stringify(body));
}

function domainErrorOf({ code }: NodeJS.ErrnoException): DomainError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DomainError(
        'REQUEST_TIMEOUT',
        'The request took too long to arrive; send all of it sooner.',
      );
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError(
        'HEADERS_TOO_LARGE',
        'The request line or headers are too large, or there are too many; send less.',
      );
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new DomainError(
        'PAYLOAD_TOO_LARGE',
        'The chunk extensions of the request body are too large; send chunks without extensions.',
      );
    case undefined:
    default:
      return new DomainError(
        'MALFORMED_REQUEST',
        'The request is not valid HTTP; send it with an HTTP/1.1 client.',
      );
  }
}

function problemAnswer(error: DomainError): string {
  const { status, headers, body: problem } = problemOf(error);
  const body = JSON.stringify(problem);
  const lines = Object.entries({
    ...headers,
    'X-Content-Type-Options': 'nosniff',
    Connection: 'close',
    'Content-Length': String(Buffer.byteLength(body)),
  }).map(([name, value]) => `${name}: ${value}`);
  return [`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}`, ...lines, '', body].join('\r\n');
}

/** The response that a connection is on, which Node keeps to itself. */
function hasBegunAnswer(socket: Duplex): boolean {
  return (socket as Duplex & { _httpMessage?: { headersSent: boolean } })._httpMessage?.headersSent === true;
}
