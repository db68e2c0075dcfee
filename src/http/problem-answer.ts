import { Injectable } from '@nestjs/common';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { callerOf, seesOutput } from '../common/auth/caller.js';
import { discreet } from '../common/errors/discretion.js';
import type { DomainError } from '../common/errors/domain-error.js';
import { faultOf, type ErrorCode } from '../common/errors/error-codes.js';
import { ErrorCounter } from '../common/errors/error-counter.js';
import { Log } from '../common/log/log.js';
import { hasBody } from '../common/request-body/read-request-body.js';
import { closeAfter } from './connections/lingering-close.js';
import { problemOf } from './problem.js';

/** Writes the one answer that every error of every route has, and logs what is the platform's fault. */
@Injectable()
export class ProblemAnswer {
  constructor(
    private readonly log: Log,
    private readonly tally: ErrorCounter,
  ) {}

  /** `route` is the route's pattern for the log, because a path may carry what does not belong there. */
  send(error: DomainError, request: IncomingMessage, response: ServerResponse, route: string): void {
    this.tally.add(error.code);
    this.logPlatformFault(error, request.method, route);
    if (response.headersSent) {
      // Half an answer cannot be taken back; a broken connection at least is no answer at all.
      response.destroy();
      return;
    }
    write(mayBeShownWhole(error, request) ? error : discreet(error), request, response);
  }

  private logPlatformFault(error: DomainError, method: string | undefined, route: string): void {
    if (faultOf(error.code) !== 'platform') return;
    const fields = { code: error.code, method, route, err: error.cause ?? error };
    if (error.code === 'INTERNAL') this.log.error(fields, 'a request failed in a way it should not have');
    else this.log.warn(fields, error.message);
  }
}

/** Answers to a change of a function: whoever may make it has to learn why it was refused. */
const answersToDeployers = new Set<ErrorCode>(['CANDIDATE_NOT_LOADABLE']);

function mayBeShownWhole({ code }: DomainError, request: IncomingMessage): boolean {
  return answersToDeployers.has(code) || seesOutput(callerOf(request));
}

function write(error: DomainError, request: IncomingMessage, response: ServerResponse): void {
  const invocationId = response.getHeader('X-Glambdar-Invocation-Id');
  const problem = problemOf(error, typeof invocationId === 'string' ? invocationId : undefined);
  const body = JSON.stringify(problem.body);
  response.statusCode = problem.status;
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  // A request that declares no body is complete; that Node says so a moment later must not cost the connection.
  if (request.complete || request.destroyed || !hasBody(request)) response.end(body);
  else closeAfter(response, request, Buffer.from(body));
}
