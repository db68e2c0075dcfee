import { Inject, Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { Transform } from 'node:stream';
import { discreet } from '../../common/errors/discretion.js';
import { type ErrorCode, faultOf } from '../../common/errors/error-codes.js';
import { Clock } from '../../common/time/clock.js';
import { type Answer, FirstCall, IdempotentCalls } from '../../events/idempotent-calls.js';
import type { FunctionName } from '../../functions/function-name.js';
import { FunctionRegistry } from '../../functions/function-registry.js';
import { asDomainError, problemOf } from '../../http/problem.js';
import { invocationSettings, type InvocationSettings } from '../../invocation/invocation.settings.js';
import type { ResponseHead } from '../../ipc/response-check.js';
import type { HttpPresentation } from '../../ipc/protocol/messages.js';
import type { StreamedResult, WorkerResult } from '../../ipc/worker-session.js';
import { fingerprintOf, idempotencyKeyOf, senderOf } from './request-keys.js';

/** Names the call that made the answer, in what is kept of it; no function can set it. */
const invocationIdHeader = 'x-glambdar-invocation-id';

/** For a container to be made and the code to be loaded. */
const startingMs = 30_000;

/** A call that has to end has ended after so much more, answer and all. */
const endingMs = 5000;

/** Nothing of the handler has run: the same request may be answered otherwise once the code is another. */
const beforeHandler = new Set<ErrorCode>(['FUNCTION_LOAD_ERROR', 'FUNCTION_INIT_TIMEOUT']);

/** A request that came first with its key; its answer is kept for whoever repeats it. */
export class FirstRequest {
  constructor(
    private readonly call: FirstCall,
    private readonly invocationId: string,
    /** Monotonic; the key stands for nothing after this. */
    readonly deadlineMs: number,
  ) {}

  async answered({ head, body }: WorkerResult): Promise<void> {
    if (head) await this.call.answered({ ...this.headOf(head), body });
  }

  /** Passes a streamed body on, and ends only when it is kept: a client that has all of it finds it again. */
  passing({ head }: StreamedResult): Transform {
    let held: Buffer[] = [];
    let bytes = 0;
    const end = async () => {
      if (!head) return;
      const kept = this.headOf(head);
      if (bytes > this.call.keptBytes) await this.call.answeredAtLength(kept, bytes);
      else await this.call.answered({ ...kept, body: Buffer.concat(held) });
    };
    return new Transform({
      transform: (chunk: Buffer, _, pass) => {
        bytes += chunk.length;
        if (bytes > this.call.keptBytes) held = [];
        else held.push(chunk);
        pass(null, chunk);
      },
      flush: (done) => {
        end().then(() => {
          done();
        }, done);
      },
    });
  }

  /** A fault of the function is its answer. After any other, and where the handler has not begun, the request may be tried again. */
  async failed(thrown: unknown): Promise<void> {
    const error = asDomainError(thrown);
    if (faultOf(error.code) !== 'function' || beforeHandler.has(error.code)) {
      await this.call.gaveUp();
      return;
    }
    const { status, headers, body } = problemOf(discreet(error), this.invocationId);
    const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value] as const);
    await this.call.answered({
      ...this.headOf({ statusCode: status, headers: Object.fromEntries(named) }),
      body: Buffer.from(JSON.stringify(body)),
    });
  }

  private headOf({
    statusCode,
    headers,
  }: Pick<ResponseHead, 'statusCode' | 'headers'>): Omit<Answer, 'body'> {
    return { status: statusCode, headers: { ...headers, [invocationIdHeader]: this.invocationId } };
  }
}

/** The answer that the first request got, as a call would have given it. */
export class KeptAnswer {
  readonly invocationId: string;
  readonly result: WorkerResult & { readonly head: ResponseHead };

  constructor({ status, headers, body }: Answer) {
    const { [invocationIdHeader]: invocationId, ...own } = headers;
    this.invocationId = String(invocationId);
    this.result = {
      head: { statusCode: status, headers: own, claimedBytes: undefined },
      body: Buffer.from(body),
      stream: undefined,
    };
  }
}

/** Whether the request has an `Idempotency-Key`; most have none, and are not looked at any further. */
export function isKeyed({ headers }: IncomingMessage): boolean {
  return headers['idempotency-key'] !== undefined;
}

/** What of a request there is to compare and to find the key of. */
interface Requested {
  readonly functionName: FunctionName;
  readonly invocationId: string;
  readonly presentation: HttpPresentation;
  readonly body: Uint8Array;
}

/** Requests with an `Idempotency-Key`, of functions that want theirs to be idempotent. */
@Injectable()
export class IdempotentRequests {
  constructor(
    private readonly calls: IdempotentCalls,
    private readonly functions: FunctionRegistry,
    private readonly clock: Clock,
    @Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings,
  ) {}

  /** Undefined where the function does not want it. Rejects with `MALFORMED_REQUEST`, and as `IdempotentCalls` does. */
  async begin(
    request: IncomingMessage,
    requested: Requested,
  ): Promise<FirstRequest | KeptAnswer | undefined> {
    const { settings } = this.functions.get(requested.functionName);
    return settings.idempotency ? this.beginKeyed(request, requested, settings.timeoutSeconds) : undefined;
  }

  private async beginKeyed(
    request: IncomingMessage,
    { functionName, invocationId, presentation, body }: Requested,
    timeoutSeconds: number,
  ): Promise<FirstRequest | KeptAnswer> {
    const key = idempotencyKeyOf(request) ?? '';
    const contentType = request.headers['content-type'];
    const fingerprint = fingerprintOf({ ...presentation, contentType, body });
    const withinMs = this.settings.queueTimeoutMs + startingMs + timeoutSeconds * 1000;
    const deadlineMs = this.clock.monotonicMs() + withinMs;
    const { id } = this.functions.get(functionName);
    const keyed = { sender: senderOf(request), key, fingerprint };
    const begun = await this.calls.begin(id, keyed, withinMs + endingMs);
    if (begun instanceof FirstCall) return new FirstRequest(begun, invocationId, deadlineMs);
    return new KeptAnswer(begun);
  }
}
