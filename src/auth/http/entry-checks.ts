import { Injectable } from '@nestjs/common';
import type { NestExpressApplication } from '@nestjs/platform-express';
import type { NextFunction, Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { isCallPath } from '../../common/auth/route-access.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { HostCheck } from './host-check.js';

/**
 * What every request passes before anybody looks for its route, in this order, calls and management alike: it is one
 * plain request, under a host by which the server is known, from no foreign page. Who sent it is the route's question.
 */
@Injectable()
export class EntryChecks {
  constructor(private readonly hosts: HostCheck) {}

  /** Why it must not be served; undefined where it may. */
  problemOf(request: IncomingMessage, response: ServerResponse, isCall: boolean): DomainError | undefined {
    return requestProblem(request) ?? this.hosts.problemOf(request, response, isCall);
  }
}

/**
 * What guards cannot reach: requests for no route at all, and for the pages that no controller serves.
 * Call it before any route is added, because Express goes through its layers in the order of their making.
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
