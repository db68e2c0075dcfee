import { HttpException } from '@nestjs/common';
import { DomainError, type ErrorDetails } from '../common/errors/domain-error.js';
import type { ErrorCode } from '../common/errors/error-codes.js';
import { problemCatalogue } from './problem-catalogue.js';

/** Body of an error's answer: RFC 9457 and our members. */
export interface ProblemBody extends Omit<ErrorDetails, 'retryAfterMs'> {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ErrorCode;
  /** The same sentence as `detail`, for clients that read this key. */
  readonly error: string;
  readonly invocationId?: string;
}

/** An error as an HTTP answer, not yet written. */
export interface Problem {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: ProblemBody;
}

/** The answer to any error. Only a `DomainError`'s own words reach the client; of anything else it learns nothing. */
export function problemOf(error: unknown, invocationId?: string): Problem {
  const { code, message, details } = asDomainError(error);
  const { status, title } = problemCatalogue[code];
  const { retryAfterMs, ...shown } = details;
  return {
    status,
    headers: {
      'Content-Type': 'application/problem+json; charset=utf-8',
      ...(retryAfterMs === undefined ? {} : { 'Retry-After': retryAfterSeconds(retryAfterMs) }),
    },
    body: {
      type: problemType(code),
      title,
      status,
      detail: message,
      code,
      error: message,
      ...(invocationId === undefined ? {} : { invocationId }),
      ...shown,
    },
  };
}

/** A URN, because it needs no host that would have to serve it. */
export function problemType(code: ErrorCode): string {
  return `urn:glambdar:error:${code.toLowerCase().replaceAll('_', '-')}`;
}

/** HTTP has whole seconds only; rounding down would call clients too early. */
function retryAfterSeconds(retryAfterMs: number): string {
  return String(Math.max(1, Math.ceil(retryAfterMs / 1000)));
}

export function asDomainError(error: unknown): DomainError {
  if (error instanceof DomainError) return error;
  if (error instanceof HttpException) return fromFramework(error);
  return new DomainError(
    'INTERNAL',
    'The server failed unexpectedly; its log says more.',
    {},
    { cause: error },
  );
}

/** What the framework itself refuses. Its messages quote parsers and inputs, so none of them is passed on. */
function fromFramework(error: HttpException): DomainError {
  const options = { cause: error };
  switch (error.getStatus()) {
    case 400:
      return new DomainError(
        'MALFORMED_REQUEST',
        'The request cannot be read; check its path and its body.',
        {},
        options,
      );
    case 404:
      return new DomainError(
        'ROUTE_NOT_FOUND',
        'There is no such route; /openapi.json lists them all.',
        {},
        options,
      );
    case 408:
      return new DomainError(
        'REQUEST_TIMEOUT',
        'The request took too long to arrive; send all of it sooner.',
        {},
        options,
      );
    case 413:
      return new DomainError('PAYLOAD_TOO_LARGE', 'The request is too large; send fewer bytes.', {}, options);
    case 415:
      return new DomainError(
        'UNSUPPORTED_MEDIA_TYPE',
        'The route does not take this content type; send the one that /openapi.json names.',
        {},
        options,
      );
    default:
      return new DomainError(
        'INTERNAL',
        'The server failed because of a bug; its log says more.',
        {},
        options,
      );
  }
}
