import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { closedToPages, EntryChecks, type EntryTarget } from '../../auth/http/entry-checks.js';
import { callerOf, shareHolderOf } from '../../common/auth/caller.js';
import { withoutSessions } from '../../common/auth/session-cookie.js';
import { SendBudget } from '../../common/budgets/send-budget.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { parseFunctionName } from '../../functions/function-name.js';
import type { CorsRule, FunctionTarget } from '../../functions/function.js';
import { type LimitedHttpAdapter, limitSending } from '../../http/http-adapter.js';
import { httpSettings, type HttpSettings } from '../../http/http.settings.js';
import { ProblemResponse } from '../../http/problem-response.js';
import { asDomainError } from '../../http/problem.js';
import { InvocationTrace, isFailure, type Payload } from '../../invocation/invocation.js';
import { InvocationService } from '../../invocation/invocation.service.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import { type RunningCall, RunningCalls } from '../../invocation/running-calls.js';
import { isStreamed, type WorkerResult } from '../../ipc/worker-session.js';
import { CallAccess } from './call-access.js';
import { type CallTarget, callTargetOf } from './call-target.js';
import { allowsOrigin, answerHeaders, isPreflight, preflightHeaders } from './cors.js';
import { HttpEvents } from './http-events.js';
import { type FirstRequest, IdempotentRequests, isKeyed, KeptAnswer } from './idempotent-requests.js';
import { OwnHosts } from './own-hosts.js';
import { prefersAsync } from './preference.js';
import { presentationOf } from './presentation.js';
import { RequestBodies, traceContextOf } from './request.js';
import {
  callHeaders,
  sandboxOf,
  sendBuffered,
  sendStreamed,
  type ServersPart,
  serverTiming,
  withoutSandbox,
} from './send-response.js';

/** So much the kernel takes of an answer for a connection on which nothing waits. */
const leavesAtOnceBytes = 64 * 1024;

/** Makes an invocation of a request, and a response of its result: bytes in, bytes out. */
@Injectable()
export class HttpCalls {
  private readonly policyOf: ServersPart['policyOf'];

  constructor(
    private readonly invocations: InvocationService,
    private readonly runningCalls: RunningCalls,
    private readonly bodies: RequestBodies,
    private readonly access: CallAccess,
    private readonly idempotency: IdempotentRequests,
    private readonly sendBudget: SendBudget,
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) settings: InvocationSettings,
  ) {
    this.policyOf = settings.pages === 'sandboxed' ? sandboxOf : withoutSandbox;
  }

  /** Rejects with the error that answers the request, or ends the answer that has begun. */
  async respond(
    target: CallTarget,
    request: IncomingMessage,
    response: ServerResponse,
    cors: CorsRule | null,
  ): Promise<void> {
    const invocationId = randomUUID();
    const context = traceContextOf(request.headers, invocationId);
    const trace = new InvocationTrace({ invocationId, ...context }, this.clock);
    const part: ServersPart = {
      trace,
      policyOf: target.isOwnHost ? withoutSandbox : this.policyOf,
      cors: cors && answerHeaders(cors, request.headers),
    };
    let call: RunningCall | undefined;
    const onClose = () => {
      if (!response.writableFinished)
        call?.cancellation.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    };
    const caller = callerOf(request);
    const holder = shareHolderOf(caller);
    let payload: Payload | undefined;
    let first: FirstRequest | undefined;
    try {
      call = this.runningCalls.begin(holder);
      response.once('close', onClose);
      const functionName = parseFunctionName(target.functionName);
      const current: FunctionTarget = { name: functionName, qualifier: 'latest' };
      this.invocations.requireCallable(current);
      payload = await this.bodies.receive(request, holder, call.cancellation);
      const entering = this.access.admitAgain(request, response, target.functionName);
      if (entering) await entering;
      const presentation = presentationOf(request, target, functionName, context);
      if (isKeyed(request)) {
        const requested = { functionName, invocationId, presentation, body: payload.content };
        const begun = await this.idempotency.begin(request, requested);
        if (begun instanceof KeptAnswer) {
          this.sendKept(response, begun, part, holder);
          return;
        }
        first = begun;
      }
      const result = await this.invocations.invoke({
        trace,
        target: current,
        trigger: { kind: 'http' },
        keyId: holder,
        payload,
        presentation,
        priority: 'normal',
        deadlineMs: first?.deadlineMs,
        cancellation: call.cancellation,
        sendStreamed: (streamed) =>
          sendStreamed(response, streamed, part, first && [first.passing(streamed)]),
      });
      if (isFailure(result)) throw result.error;
      if (isStreamed(result)) return;
      if (first) await first.answered(result);
      this.send(response, result, part, holder);
    } catch (error) {
      if (first) await first.failed(error);
      if (!response.headersSent) announce(response, trace);
      throw error;
    } finally {
      response.off('close', onClose);
      payload?.discard();
      call?.end();
    }
  }

  /** The answer to the first of several requests that are the same; it names the call that made it. */
  private sendKept(
    response: ServerResponse,
    { invocationId, result }: KeptAnswer,
    part: ServersPart,
    holder: string | undefined,
  ): void {
    const trace = new InvocationTrace({ ...traceContextOf({}, invocationId), invocationId }, this.clock);
    response.setHeader('Idempotent-Replayed', 'true');
    this.send(response, result, { ...part, trace }, holder);
  }

  /** An answer that is too large to leave at once is refused where none of it may wait for its client. */
  private send(
    response: ServerResponse,
    result: WorkerResult,
    part: ServersPart,
    holder: string | undefined,
  ): void {
    if (result.body.length > leavesAtOnceBytes) this.sendBudget.requireRoom(holder);
    sendBuffered(response, result, part);
    this.sendBudget.hold(response, holder);
  }
}

/** The answer to an error, which somebody else writes, says of the call what its own would have said. */
function announce(response: ServerResponse, trace: InvocationTrace): void {
  setAll(response, callHeaders(trace));
  const timing = serverTiming(trace.timings);
  if (timing !== '') response.setHeader('Server-Timing', timing);
}

/**
 * Owns everything below `/invoke` and everything at the hosts of functions: requests for calls come to it from the HTTP server, past Express and the framework,
 * which together took a sixth of the server's time for a call. What the framework asks of every other request is asked
 * here of a call, in the same order.
 */
@Injectable()
export class Gateway implements OnModuleInit {
  constructor(
    private readonly server: HttpAdapterHost<LimitedHttpAdapter>,
    private readonly checks: EntryChecks,
    private readonly access: CallAccess,
    private readonly ownHosts: OwnHosts,
    private readonly calls: HttpCalls,
    private readonly events: HttpEvents,
    private readonly problems: ProblemResponse,
    @Inject(httpSettings.config.KEY) private readonly settings: HttpSettings,
  ) {}

  onModuleInit(): void {
    this.server.httpAdapter.serveDirectly((request, response) => {
      const target = this.ownHosts.targetOf(request) ?? callTargetOf(request.url ?? '');
      if (!target) return false;
      void this.serve(target, request, response);
      return true;
    });
  }

  private async serve(target: CallTarget, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { functionName } = target;
    const settings = this.access.settingsOf(functionName);
    const cors = settings?.cors ?? null;
    try {
      limitSending(response, this.settings.sendTimeoutMs);
      const problem = this.checks.problemOf(request, response, entryTargetOf(target, cors));
      if (problem) throw problem;
      if (cors && isPreflight(request)) {
        response.writeHead(204, preflightHeaders(cors, request.headers)).end();
        return;
      }
      if (cors) this.withholdSession(request);
      const entering = this.access.admit(request, response, functionName, settings);
      if (entering) await entering;
      if (target.problem) throw target.problem;
      if (prefersAsync(request.headers['prefer'])) {
        if (cors) setAll(response, answerHeaders(cors, request.headers));
        await this.events.respond(target, request, response);
      } else {
        await this.calls.respond(target, request, response, cors);
      }
    } catch (error) {
      if (cors && !response.headersSent) setAll(response, answerHeaders(cors, request.headers));
      this.problems.send(asDomainError(error), request, response, '/invoke/:name');
    }
  }

  /** A page of another origin may call the function, and not as whoever is signed in to the dashboard beside it. */
  private withholdSession(request: IncomingMessage): void {
    const { headers } = request;
    if (headers.cookie === undefined || !this.checks.isFromForeignPage(request)) return;
    headers.cookie = withoutSessions(headers.cookie) ?? '';
  }
}

function entryTargetOf({ isOwnHost }: CallTarget, cors: CorsRule | null): EntryTarget {
  const asked = isOwnHost ? 'own-host' : 'call';
  return cors ? { asked, isOpenTo: (page) => allowsOrigin(cors, page) } : closedToPages[asked];
}

function setAll(response: ServerResponse, headers: Readonly<Record<string, string>>): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
}
