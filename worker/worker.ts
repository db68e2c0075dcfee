import { maxWorkerJsonBytes } from '../src/ipc/protocol/limits.js';
import type { FailureKind, HostMessage, InvokeMessage, LoadMessage } from '../src/ipc/protocol/messages.js';
import { callHandler } from './call-handler.js';
import { createContext } from './context.js';
import { createEvent } from './event.js';
import { describeFailure } from './failure.js';
import type { FrameWriter } from './frame-writer.js';
import { prepareEgress } from './egress/prepare-egress.js';
import { loadHandler, type Handler } from './load-handler.js';
import { bytesFrom, exitProcess, nextTurn, stringify } from './primordials.js';
import { renderResponse, type Rendered } from './response.js';

interface LoadedFunction {
  readonly settings: LoadMessage;
  readonly handler: Handler;
}

/** `stem`: no function yet; `call` is the invocation that has no answer yet. */
type State =
  | { readonly phase: 'stem' }
  | { readonly phase: 'loading' }
  | { readonly phase: 'idle'; readonly loaded: LoadedFunction }
  | { readonly phase: 'busy'; readonly loaded: LoadedFunction; readonly invocationId: string };

/** The worker's side of the conversation: loads one function, then serves its calls one after the other. */
export class Worker {
  private state: State = { phase: 'stem' };
  private readonly writer: FrameWriter;
  private readonly codeDirectory: string;
  private readonly gatePath: string;

  /** `gatePath` is where the host listens for a function that may go outside. */
  constructor(writer: FrameWriter, codeDirectory: string, gatePath: string) {
    this.writer = writer;
    this.codeDirectory = codeDirectory;
    this.gatePath = gatePath;
  }

  receive(message: HostMessage, body: Buffer): void {
    switch (message.type) {
      case 'load':
        void this.load(message);
        return;
      case 'invoke':
        void this.invoke(message, body);
        return;
      default:
        message satisfies never;
    }
  }

  /** Nothing caught this error: the process is in no known state, so it says what happened and ends. */
  crash(thrown: unknown): never {
    const { state } = this;
    switch (state.phase) {
      case 'loading':
        return this.failLoad(thrown);
      case 'busy':
        this.fail('uncaught', state, thrown);
        break;
      case 'idle':
        this.logStack(describeFailure(thrown).stack);
        break;
      case 'stem':
        break;
      default:
        state satisfies never;
    }
    return exitProcess(1);
  }

  private async load(settings: LoadMessage): Promise<void> {
    this.state = { phase: 'loading' };
    try {
      // Before the import: top-level code reads its settings and files from here.
      Object.assign(process.env, settings.environment, settings.secrets);
      process.chdir(this.codeDirectory);
      await prepareEgress(settings.hasEgress === true ? this.gatePath : undefined);
      const handler = await loadHandler(this.codeDirectory, settings.handler);
      this.state = { phase: 'idle', loaded: { settings, handler } };
      this.writer.send({ type: 'ready' });
    } catch (error) {
      this.failLoad(error);
    }
  }

  private failLoad(thrown: unknown): never {
    const failure = describeFailure(thrown);
    this.logStack(failure.stack);
    this.writer.send({ type: 'loadError', ...failure });
    return exitProcess(1);
  }

  private async invoke(message: InvokeMessage, body: Buffer): Promise<void> {
    // The host sends a call only to a worker that said it is ready; anything else is not worth going on.
    if (this.state.phase !== 'idle') return exitProcess(1);
    const { loaded } = this.state;
    const { invocationId } = message;
    const busy = { phase: 'busy', loaded, invocationId } as const;
    this.state = busy;
    try {
      const event = createEvent(loaded.settings.functionName, message, body);
      const returned = await callHandler(loaded.handler, event, createContext(loaded.settings, message));
      this.answer(invocationId, renderResponse(returned, loaded.settings));
    } catch (error) {
      this.fail('threw', busy, error);
    }
    this.state = { phase: 'idle', loaded };
    // A turn later, so that a function which crashes or blocks right after its answer is not given another call.
    nextTurn(() => {
      this.writer.send({ type: 'ready' });
    });
  }

  private answer(invocationId: string, rendered: Rendered): void {
    if (rendered.kind !== 'response') {
      this.refuse(invocationId, rendered.kind, rendered.reason);
      return;
    }
    const { statusCode, headers, body } = rendered;
    const json = stringify({ type: 'result', invocationId, statusCode, headers });
    if (Buffer.byteLength(json) > maxWorkerJsonBytes) {
      this.refuse(invocationId, 'invalid-result', "The function's headers are too large; send less.");
      return;
    }
    this.writer.sendJson(json, body);
  }

  private refuse(invocationId: string, kind: FailureKind, errorMessage: string): void {
    this.logStack(errorMessage);
    this.writer.send({
      type: 'error',
      invocationId,
      kind,
      errorType: 'InvalidResult',
      errorMessage,
      stack: '',
    });
  }

  private fail(
    kind: FailureKind,
    { invocationId }: { readonly invocationId: string },
    thrown: unknown,
  ): void {
    const failure = describeFailure(thrown);
    this.logStack(failure.stack);
    this.writer.send({ type: 'error', invocationId, kind, ...failure });
  }

  /** Where the function's author looks first. */
  private logStack(stack: string): void {
    this.writer.log('stderr', bytesFrom(`${stack}\n`, 'utf8'));
  }
}
