import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { ErrorTally } from '../common/errors/error-tally.js';
import { Log } from '../common/log/log.js';
import { allowedMethods } from './allowed-methods.js';
import { closeAfter } from './lingering-close.js';
import { asDomainError, problemOf } from './problem.js';

/** Turns every error of every route into one answer, and logs what is the platform's fault. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly log: Log,
    private readonly tally: ErrorTally,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    const error = refineRouting(thrown, request, response);
    this.tally.add(error.code);
    this.logPlatformFault(error, request);
    if (response.headersSent) {
      // Half an answer cannot be taken back; a broken connection at least is no answer at all.
      response.destroy();
      return;
    }
    write(response, request, error);
  }

  private logPlatformFault(error: DomainError, request: Request): void {
    if (faultOf(error.code) !== 'platform') return;
    const fields = {
      code: error.code,
      method: request.method,
      route: routeOf(request),
      err: error.cause ?? error,
    };
    if (error.code === 'INTERNAL') this.log.error(fields, 'a request failed in a way it should not have');
    else this.log.warn(fields, error.message);
  }
}

function write(response: Response, request: Request, error: DomainError): void {
  const invocationId = response.getHeader('X-Glambdar-Invocation-Id');
  const problem = problemOf(error, typeof invocationId === 'string' ? invocationId : undefined);
  const body = JSON.stringify(problem.body);
  response.statusCode = problem.status;
  for (const [name, value] of Object.entries(problem.headers)) response.setHeader(name, value);
  response.setHeader('X-Content-Type-Options', 'nosniff');
  response.setHeader('Content-Length', Buffer.byteLength(body));
  if (request.complete || request.destroyed || !hasBody(request)) response.end(body);
  else closeAfter(response, request, Buffer.from(body));
}

/** A request that declares no body is complete; that Node says so a moment later must not cost the connection. */
function hasBody({ headers }: Request): boolean {
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;
}

/** The framework knows only "no route"; a path that has other methods deserves to be told so. */
function refineRouting(thrown: unknown, request: Request, response: Response): DomainError {
  if (!(thrown instanceof NotFoundException)) return asDomainError(thrown);
  const methods = allowedMethods(request.app, request.path);
  if (methods.length === 0) return asDomainError(thrown);
  response.setHeader('Allow', methods.join(', '));
  return new DomainError('METHOD_NOT_ALLOWED', `Use ${methods.join(' or ')} here.`);
}

/** The route's pattern, because a path may carry what does not belong in a log. */
function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : '(none)';
}
