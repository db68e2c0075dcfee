import type { NextFunction, Request, Response } from 'express';
import { STATUS_CODES, type IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { DomainError } from '../common/errors/domain-error.js';
import { problemOf } from './problem.js';

const headersTooLarge = 431;

/** Answers what is no request, or came too slowly, in the shape of every other error, and closes the connection. */
export function answerClientError(error: NodeJS.ErrnoException, socket: Duplex): void {
  // Half an answer may be on its way already: another one would be read as its rest.
  if (!socket.writable || error.code === 'ECONNRESET' || hasBegunAnswer(socket)) {
    socket.destroy(error);
    return;
  }
  if (error.code === 'HPE_HEADER_OVERFLOW') socket.end(answer(headersTooLarge, {}, ''));
  else socket.end(problemAnswer(domainErrorOf(error)));
}

/** This is no proxy. Without an answer the client would only see its connection end. */
export function refuseTunnel(_request: IncomingMessage, socket: Duplex): void {
  socket.on('error', () => undefined);
  socket.end(
    problemAnswer(new DomainError('METHOD_NOT_ALLOWED', 'The server opens no connections to others.')),
  );
}

/** Two hosts in one request are two readings of it: a proxy may have taken the one, this server the other. */
export function refuseTwoHosts(request: Request, _response: Response, next: NextFunction): void {
  const names = request.rawHeaders.filter((_, index) => index % 2 === 0);
  const hosts = names.filter((name) => name.toLowerCase() === 'host').length;
  next(hosts > 1 ? new DomainError('MALFORMED_REQUEST', 'The request names more than one host.') : undefined);
}

function domainErrorOf({ code }: NodeJS.ErrnoException): DomainError {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new DomainError('REQUEST_TIMEOUT', 'The request took too long to arrive.');
  return new DomainError('MALFORMED_REQUEST', 'The request is not valid HTTP.');
}

function problemAnswer(error: DomainError): string {
  const { status, headers, body } = problemOf(error);
  return answer(status, headers, JSON.stringify(body));
}

function answer(status: number, headers: Readonly<Record<string, string>>, body: string): string {
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
