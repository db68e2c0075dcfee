import {
  type ArgumentsHost,
  Catch,
  type ExceptionFilter,
  Injectable,
  NotFoundException,
} from '@nestjs/common';
import type { Application, Request, Response } from 'express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { callerOf, seesOutput } from '../common/auth/caller.js';
import { discreet } from '../common/errors/discretion.js';
import { DomainError } from '../common/errors/domain-error.js';
import { type ErrorCode, faultOf } from '../common/errors/error-codes.js';
import { ErrorCounter } from '../common/counters.js';
import { Log } from '../common/log/log.js';
import { hasBody } from '../common/request-body/read-request-body.js';
import { closeAfter } from './connections/unread-body.js';
import { asDomainError, problemOf } from './problem.js';

/** Writes the one response that every error of every route has, and logs what is the platform's fault. */
@Injectable()
export class ProblemResponse {
  constructor(
    private readonly log: Log,
    private readonly counter: ErrorCounter,
  ) {}

  /** `route` is the route's pattern for the log, because a path may carry what does not belong there. */
  send(error: DomainError, request: IncomingMessage, response: ServerResponse, route: string): void {
    this.counter.add(error.code);
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
    if (error.code === 'INTERNAL') this.log.error(fields, 'a request failed unexpectedly');
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

/** Turns every error of every route of the framework's into the one response. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly problems: ProblemResponse) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    this.problems.send(refineRouting(thrown, request, response), request, response, routeOf(request));
  }
}

/** The framework knows only "no route"; where the path has other methods, the client learns which. */
function refineRouting(thrown: unknown, request: Request, response: Response): DomainError {
  if (!(thrown instanceof NotFoundException)) return asDomainError(thrown);
  const methods = allowedMethods(request.app, request.path);
  if (methods.length === 0) return asDomainError(thrown);
  response.setHeader('Allow', methods.join(', '));
  return new DomainError('METHOD_NOT_ALLOWED', `Use ${methods.join(' or ')} here.`);
}

function routeOf(request: Request): string {
  const route = request.route as { path?: unknown } | undefined;
  return typeof route?.path === 'string' ? route.path : '(none)';
}

/** A layer of Express's router, as far as it answers which methods a path has. */
interface RouterLayer {
  readonly route?: { readonly methods: Readonly<Record<string, boolean>> };
  match(path: string): boolean;
}

/** Methods that some route takes at `path`, in upper case; empty when there is no route at all. */
function allowedMethods(application: Application, path: string): string[] {
  const methods = new Set<string>();
  for (const layer of application.router.stack as unknown as readonly RouterLayer[]) {
    if (!layer.route || !matches(layer, path)) continue;
    for (const method of Object.keys(layer.route.methods)) methods.add(method.toUpperCase());
  }
  if (methods.has('GET')) methods.add('HEAD');
  return [...methods].sort();
}

function matches(layer: RouterLayer, path: string): boolean {
  try {
    return layer.match(path);
  } catch {
    // A parameter that cannot be decoded matches nothing.
    return false;
  }
}
