import { Inject, Injectable, type OnModuleInit } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { AccessControl } from '../../auth/http/access-control.js';
import type { Wanted } from '../../auth/http/authorization.js';
import { EntryChecks } from '../../auth/http/entry-checks.js';
import { callerOf, type Scope } from '../../common/auth/caller.js';
import { SendBudget } from '../../common/budgets/send-budget.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { parseFunctionName } from '../../functions/function-name.js';
import type { FunctionTarget } from '../../functions/function.js';
import { type LimitedHttpAdapter, limitSending } from '../../http/http-adapter.js';
import { httpSettings, type HttpSettings } from '../../http/http.settings.js';
import { ProblemResponse } from '../../http/problem-response.js';
import { asDomainError } from '../../http/problem.js';
import { InvocationTrace, isFailure, type Payload } from '../../invocation/invocation.js';
import { InvocationService } from '../../invocation/invocation.service.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import { type RunningCall, RunningCalls } from '../../invocation/running-calls.js';
import { isStreamed, type WorkerResult } from '../../ipc/worker-session.js';
import { type CallTarget, callTargetOf } from './call-target.js';
import { HttpEvents } from './http-events.js';
import { type FirstRequest, IdempotentRequests, KeptAnswer } from './idempotent-requests.js';
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
    private readonly idempotency: IdempotentRequests,
    private readonly sendBudget: SendBudget,
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) settings: InvocationSettings,
  ) {
    this.policyOf = settings.pages === 'sandboxed' ? sandboxOf : withoutSandbox;
  }

  /** Rejects with the error that answers the request, or ends the answer that has begun. */
  async respond(target: CallTarget, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const invocationId = randomUUID();
    const context = traceContextOf(request.headers, invocationId);
    const trace = new InvocationTrace({ invocationId, ...context }, this.clock);
    const part: ServersPart = { trace, policyOf: target.isOwnHost ? withoutSandbox : this.policyOf };
    let call: RunningCall | undefined;
    const onClose = () => {
      if (!response.writableFinished)
        call?.cancellation.cancel(new DomainError('CLIENT_CLOSED', 'The client disconnected.'));
    };
    const { keyId } = callerOf(request);
    let payload: Payload | undefined;
    let first: FirstRequest | undefined;
    try {
      call = this.runningCalls.begin(keyId);
      response.once('close', onClose);
      const functionName = parseFunctionName(target.functionName);
      const current: FunctionTarget = { name: functionName, qualifier: 'latest' };
      this.invocations.requireCallable(current);
      payload = await this.bodies.receive(request, keyId, call.cancellation);
      const presentation = presentationOf(request, target, functionName, context);
      const requested = { functionName, keyId, invocationId, presentation, body: payload.content };
      const beginning = this.idempotency.begin(request, requested);
      if (beginning) {
        const begun = await beginning;
        if (begun instanceof KeptAnswer) {
          this.sendKept(response, begun, part.policyOf, keyId);
          return;
        }
        first = begun;
      }
      const result = await this.invocations.invoke({
        trace,
        target: current,
        trigger: 'http',
        keyId,
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
      this.send(response, result, part, keyId);
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
    policyOf: ServersPart['policyOf'],
    keyId: string | undefined,
  ): void {
    const trace = new InvocationTrace({ ...traceContextOf({}, invocationId), invocationId }, this.clock);
    response.setHeader('Idempotent-Replayed', 'true');
    this.send(response, result, { trace, policyOf }, keyId);
  }

  /** An answer that is too large to leave at once is refused where none of it may wait for its client. */
  private send(
    response: ServerResponse,
    result: WorkerResult,
    part: ServersPart,
    keyId: string | undefined,
  ): void {
    if (result.body.length > leavesAtOnceBytes) this.sendBudget.requireRoom(keyId);
    sendBuffered(response, result, part);
    this.sendBudget.hold(response, keyId);
  }
}

/** The answer to an error, which somebody else writes, says of the call what its own would have said. */
function announce(response: ServerResponse, trace: InvocationTrace): void {
  for (const [name, value] of Object.entries(callHeaders(trace))) response.setHeader(name, value);
  const timing = serverTiming(trace.timings);
  if (timing !== '') response.setHeader('Server-Timing', timing);
}

/** What a key needs for a call. */
export const callScope = 'functions:invoke' satisfies Scope;

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
    private readonly access: AccessControl,
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
    try {
      limitSending(response, this.settings.sendTimeoutMs);
      const problem = this.checks.problemOf(request, response, target.isOwnHost ? 'own-host' : 'call');
      if (problem) throw problem;
      const wanted: Wanted = { scope: callScope, functionName, isKeptByHandler: false };
      const entering = this.access.admit(request, response, wanted);
      if (entering) await entering;
      if (target.problem) throw target.problem;
      const answering = prefersAsync(request.headers['prefer']) ? this.events : this.calls;
      await answering.respond(target, request, response);
    } catch (error) {
      this.problems.send(asDomainError(error), request, response, '/invoke/:name');
    }
  }
}
