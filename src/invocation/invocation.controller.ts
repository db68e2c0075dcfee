import { All, Controller, Inject, Param, Req, Res } from '@nestjs/common';
import type { Request, Response } from 'express';
import { randomUUID } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { callerOf } from '../common/access/caller.js';
import { RequiresScope } from '../common/access/route-access.js';
import type { Scope } from '../common/access/scope.js';
import { DomainError } from '../common/errors/domain-error.js';
import { ApiTags } from '../common/openapi/documentation.js';
import { UnsentBytes } from '../common/unsent/unsent-bytes.js';
import { parseFunctionName } from '../functions/function-name.js';
import { isStreamed, type WorkerResult } from '../ipc/worker-session.js';
import { answerInPieces, answerWhole, type CallHeaders, type ServersPart } from './answer.js';
import { serverTiming, type CallPhases } from './call.js';
import { DocumentedInvoke, DocumentedInvokePath } from './invocation.openapi.js';
import { InvocationService } from './invocation.service.js';
import { invocationSettings, type InvocationSettings } from './invocation.settings.js';
import { sandboxOf, withoutSandbox } from './page-sandbox.js';
import { RequestBodies } from './request-bodies.js';
import type { RequestBody } from './request-body.js';
import { forwardedHeaders } from './request-headers.js';
import { functionTarget } from './request-target.js';
import { RunningCalls, type RunningCall } from './running-calls.js';
import { traceContextOf } from './trace-context.js';

/** What a key needs for a call, whichever way the call comes. */
export const callScope = 'functions:invoke' satisfies Scope;

/** So much the kernel takes of an answer for a connection on which nothing waits. */
const leavesAtOnceBytes = 64 * 1024;

/** The way in and out of a call: bytes in, bytes out, the function's own status and headers. */
@ApiTags('calls')
@Controller()
export class InvocationController {
  private readonly policyOf: ServersPart['policyOf'];

  constructor(
    private readonly invocations: InvocationService,
    private readonly runningCalls: RunningCalls,
    private readonly bodies: RequestBodies,
    private readonly unsent: UnsentBytes,
    @Inject(invocationSettings.config.KEY) settings: InvocationSettings,
  ) {
    this.policyOf = settings.pages === 'sandboxed' ? sandboxOf : withoutSandbox;
  }

  @All('invoke/:name')
  @RequiresScope(callScope)
  @DocumentedInvoke()
  invoke(@Param('name') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.call(name, request.originalUrl, request, response);
  }

  /** A path of the function's own below its name. */
  @All('invoke/:name/*path')
  @RequiresScope(callScope)
  @DocumentedInvokePath()
  invokePath(@Param('name') name: string, @Req() request: Request, @Res() response: Response): Promise<void> {
    return this.call(name, request.originalUrl, request, response);
  }

  /** `target` is the request's own, before any router has rewritten it. */
  async call(
    name: string,
    target: string,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    const invocationId = randomUUID();
    const trace = traceContextOf(request.headers, invocationId);
    const headers = { 'X-Glambdar-Invocation-Id': invocationId, traceparent: trace.traceparent };
    const phases: CallPhases = {};
    const part = { callHeaders: headers, phases, policyOf: this.policyOf };
    let call: RunningCall | undefined;
    const onClose = () => {
      if (!response.writableFinished)
        call?.cancellation.cancel(new DomainError('CLIENT_CLOSED', 'The client left.'));
    };
    const caller = callerOf(request);
    let body: RequestBody | undefined;
    try {
      call = this.runningCalls.begin(caller.keyId);
      response.once('close', onClose);
      const functionName = parseFunctionName(name);
      this.invocations.requireCallable(functionName);
      body = await this.bodies.receive(request, caller.keyId, call.cancellation);
      const result = await this.invocations.invoke(
        {
          invocationId,
          traceId: trace.traceId,
          functionName,
          method: request.method ?? '',
          ...functionTarget(target),
          headers: forwardedHeaders(request.headers, {
            functionName,
            hasShownKey: caller.keyId !== undefined,
            trace,
            sourceIp: caller.address,
            forwarded: caller.forwarded,
          }),
          protocol: `HTTP/${request.httpVersion}`,
          sourceIp: caller.address,
          keyId: caller.keyId,
          body,
          cancellation: call.cancellation,
          sendStreamed: (streamed) => answerInPieces(response, streamed, part),
        },
        phases,
      );
      if (!isStreamed(result)) this.send(response, result, part, caller.keyId);
    } catch (error) {
      if (!response.headersSent) announce(response, headers, phases);
      throw error;
    } finally {
      response.off('close', onClose);
      body?.discard();
      call?.end();
    }
  }

  /** An answer that is too large to leave at once is refused where none of it may wait for its client. */
  private send(
    response: ServerResponse,
    result: WorkerResult,
    part: ServersPart,
    keyId: string | undefined,
  ): void {
    if (result.body.length > leavesAtOnceBytes) this.unsent.requireRoom(keyId);
    answerWhole(response, result, part);
    this.unsent.hold(response, keyId);
  }
}

/** The answer to an error, which somebody else writes, says of the call what its own would have said. */
function announce(response: ServerResponse, headers: CallHeaders, phases: CallPhases): void {
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, value);
  const timing = serverTiming(phases);
  if (timing !== '') response.setHeader('Server-Timing', timing);
}
