import type { InvocationResponse } from '@glambdar/client';
import { signal } from '@preact/signals';
import { may } from '../../../api/may.js';
import { errorOf, isAborted, sentenceOf } from '../../../api/problem.js';
import { keptByName } from '../kept-by-name.js';
import type { CallForm, CallRequest } from './call-request.js';
import { recordOf, recordOfTrace } from './recorded-call.js';
import { type CallAnswer, sendCall } from './send-call.js';

/** A call that was made from the page, as far as it has come. */
export interface CallState {
  readonly isRunning: boolean;
  readonly answer: CallAnswer | undefined;
  /** No answer came. */
  readonly failure: string | undefined;
  readonly record: InvocationResponse | undefined;
}

const idle: CallState = { isRunning: false, answer: undefined, failure: undefined, record: undefined };

const firstForm: CallForm = {
  method: 'POST',
  path: '',
  headers: [{ name: 'content-type', value: 'application/json' }],
  body: '{\n  "name": "World"\n}',
};

/** The calls of one function from this page: what the form says, and what came of the last one. */
export class FunctionCalls {
  readonly form = signal<CallForm>(firstForm);
  readonly state = signal<CallState>(idle);
  private stopper: AbortController | undefined;

  constructor(private readonly name: string) {}

  async call(request: CallRequest): Promise<void> {
    this.stopper?.abort();
    const stopper = new AbortController();
    this.stopper = stopper;
    const update = (change: Partial<CallState>) => {
      if (this.stopper === stopper) this.state.value = { ...this.state.peek(), ...change };
    };
    const traceId = hexadecimal(16);
    update({ ...idle, isRunning: true });
    try {
      const onAnswer = (answer: CallAnswer) => {
        update({ answer });
      };
      await sendCall(traced(request, traceId), onAnswer, stopper.signal);
    } catch (error) {
      const failure = isAborted(error) ? 'You stopped this call before it was answered.' : reason(error);
      update({ failure });
    }
    update({ isRunning: false });
    update({ record: await this.recorded(traceId).catch(() => undefined) });
  }

  stop(): void {
    this.stopper?.abort();
  }

  private async recorded(traceId: string): Promise<InvocationResponse | undefined> {
    const { answer } = this.state.peek();
    const { signal: still } = new AbortController();
    if (!answer || !may('logs:read', this.name)) return undefined;
    if (answer.invocationId !== null) return recordOf(answer.invocationId, still);
    return answer.status === 0 ? recordOfTrace(this.name, traceId, still) : undefined;
  }
}

/** Whoever looks at another tab and comes back finds the call as they left it. */
export const callsOf = keptByName((name) => new FunctionCalls(name));

function traced(request: CallRequest, traceId: string): CallRequest {
  if (request.headers.some(([name]) => name.toLowerCase() === 'traceparent')) return request;
  const traceparent = ['traceparent', `00-${traceId}-${hexadecimal(8)}-01`] as const;
  return { ...request, headers: [...request.headers, traceparent] };
}

function hexadecimal(bytes: number): string {
  const random = crypto.getRandomValues(new Uint8Array(bytes));
  return [...random].map((byte) => byte.toString(16).padStart(2, '0')).join('');
}

function reason(error: unknown): string {
  return error instanceof TypeError ? errorOf(error, undefined).message : sentenceOf(error);
}
