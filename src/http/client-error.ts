import type { NextFunction, Request, Response } from 'express';
import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError } from '../common/errors/domain-error.js';
import { endConnection } from './connections/end-connection.js';
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
    problemAnswer(new DomainError('METHOD_NOT_ALLOWED', 'The server opens no connections to others.')),
  );
}

/** Node meets `100-continue` by itself; there is nothing else that a client could expect. */
export function refuseExpectation(_request: IncomingMessage, response: ServerResponse): void {
  const { status, headers, body } = problemOf(
    new DomainError('EXPECTATION_FAILED', 'The server meets no expectation but 100-continue.'),
  );
  response.writeHead(status, { ...headers, 'X-Content-Type-Options': 'nosniff', Connection: 'close' });
  response.end(JSON.stringify(body));
}

export function requirePlainRequest(request: Request, _response: Response, next: NextFunction): void {
  next(requestProblem(request));
}

/** What is wrong with a request whatever it asks for. */
export function requestProblem(request: IncomingMessage): DomainError | undefined {
  return hostsProblem(request) ?? codingProblem(request);
}

/**
 * Two hosts in one request are two readings of it: a proxy may have taken the one, this server the other. None at all
 * is against HTTP/1.1; Node would refuse that by itself, but without a word.
 */
function hostsProblem({ rawHeaders, httpVersion }: IncomingMessage): DomainError | undefined {
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
function codingProblem({ headers }: IncomingMessage): DomainError | undefined {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return undefined;
  return new DomainError(
    'UNSUPPORTED_TRANSFER_CODING',
    'The server knows no transfer coding but "chunked"; send the body without the others, or compressed with a Content-Encoding.',
  );
}

function domainErrorOf({ code }: NodeJS.ErrnoException): DomainError {
  switch (code) {
    case 'ERR_HTTP_REQUEST_TIMEOUT':
      return new DomainError('REQUEST_TIMEOUT', 'The request took too long to arrive.');
    case 'HPE_HEADER_OVERFLOW':
      return new DomainError(
        'HEADERS_TOO_LARGE',
        "The request's line and headers are too large or too many; send less.",
      );
    case 'HPE_CHUNK_EXTENSIONS_OVERFLOW':
      return new DomainError(
        'PAYLOAD_TOO_LARGE',
        "The chunks of the request's body have too large extensions.",
      );
    case undefined:
    default:
      return new DomainError('MALFORMED_REQUEST', 'The request is not valid HTTP.');
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
