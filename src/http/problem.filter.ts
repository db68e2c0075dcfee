import { Catch, NotFoundException, type ArgumentsHost, type ExceptionFilter } from '@nestjs/common';
import type { Request, Response } from 'express';
import { DomainError } from '../common/errors/domain-error.js';
import { allowedMethods } from './allowed-methods.js';
import { ProblemAnswer } from './problem-answer.js';
import { asDomainError } from './problem.js';

/** Turns every error of every route of the framework's into the one answer. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(private readonly answer: ProblemAnswer) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const http = host.switchToHttp();
    const request = http.getRequest<Request>();
    const response = http.getResponse<Response>();
    this.answer.send(refineRouting(thrown, request, response), request, response, routeOf(request));
  }
}

/** The framework knows only "no route"; a path that has other methods deserves to be told so. */
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
