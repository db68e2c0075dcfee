import { Injectable } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCallPath } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { HostCheck } from './host-check.js';

/**
 * The checks that every request passes before it is routed, calls and management alike, in this order: that it is one
 * unambiguous request, for a host name the server knows, and from no foreign page. Who sent it is checked by the route.
 */
@Injectable()
export class EntryChecks {
  constructor(private readonly hosts: HostCheck) {}

  /** Why it must not be served, or undefined. */
  problemOf(request: IncomingMessage, response: ServerResponse, isCall: boolean): DomainError | undefined {
    return requestProblem(request) ?? this.hosts.problemOf(request, response, isCall);
  }
}

/**
 * Installs the checks as middleware, because guards see neither requests for unknown routes nor pages that no controller
 * serves. Call it before any route is added: Express runs its layers in the order in which they were added.
 */
export function installEntryChecks(application: NestExpressApplication): void {
  const checks = application.get(EntryChecks);
  application.use((request: Request, response: Response, next: NextFunction) => {
    next(checks.problemOf(request, response, isCallPath(request.url)));
  });
}

type RequestHead = Pick<IncomingMessage, 'rawHeaders' | 'headers' | 'httpVersion'>;

/** What is wrong with a request whatever it asks for. */
export function requestProblem(request: RequestHead): DomainError | undefined {
  return hostsProblem(request) ?? codingProblem(request);
}

/**
 * Two hosts make a request ambiguous: a proxy may have used one, and this server the other. HTTP/1.1 requires one; Node
 * would refuse its lack by itself, but without an explanation.
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
 * Node decodes chunks and nothing else: a body with another transfer coding would reach its reader still encoded, and
 * look like the body itself (RFC 9112, section 6.1, asks for 501).
 */
function codingProblem({ headers }: RequestHead): DomainError | undefined {
  const coding = headers['transfer-encoding'];
  if (coding === undefined || coding.trim().toLowerCase() === 'chunked') return undefined;
  return new DomainError(
    'UNSUPPORTED_TRANSFER_CODING',
    'The server supports no transfer coding except "chunked"; send the body without the others, or compressed with a Content-Encoding.',
  );
}
