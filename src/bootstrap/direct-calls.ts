import type { NestExpressApplication } from '@nestjs/platform-express';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { accessSettings, type AccessSettings } from '../access/access.settings.js';
import { AccessControl } from '../access/door/access-control.js';
import { hostProblemOf } from '../access/door/host-problem.js';
import { requestProblem } from '../http/client-error.js';
import type { DirectRoute } from '../http/direct-route.js';
import { ProblemAnswer } from '../http/problem-answer.js';
import { asDomainError } from '../http/problem.js';
import { limitSending } from '../http/send-timeout.js';
import { callScope, InvocationController } from '../invocation/invocation.controller.js';
import { calledFunction } from '../invocation/request-target.js';

/**
 * The direct way of calls: from the HTTP server to their controller past Express and the framework, which together took
 * a sixth of the server's time for a call. It asks the same of a request, in the same order, as the
 * ordinary way: one host, a known host, access. A call that is written in any but the plain way goes that other way.
 */
export function directCalls(app: NestExpressApplication, sendTimeoutMs: number): DirectRoute {
  const control = app.get(AccessControl);
  const calls = app.get(InvocationController);
  const problems = app.get(ProblemAnswer);
  const { allowedHosts } = app.get<AccessSettings>(accessSettings.config.KEY);
  const hostProblem = hostProblemOf(allowedHosts, control);

  async function serve(name: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      limitSending(response, sendTimeoutMs);
      const problem = requestProblem(request) ?? hostProblem(request, response, true);
      if (problem) throw problem;
      const entering = control.admit(request, response, {
        scope: callScope,
        functionName: name,
        isKeptByHandler: false,
      });
      if (entering) await entering;
      await calls.call(name, request.url ?? '', request, response);
    } catch (error) {
      problems.send(asDomainError(error), request, response, '/invoke/:name');
    }
  }

  return (request, response) => {
    const name = calledFunction(request.url ?? '');
    if (name === undefined) return false;
    void serve(name, request, response);
    return true;
  };
}
