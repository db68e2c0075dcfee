import {
  readyJson,
  type FunctionFailure,
  type HostMessage,
  type InvokeMessage,
  type LoadMessage,
} from '../src/ipc/protocol/messages.js';
import { CallResponse, logStack } from './call-response.js';
import { callHandler, type Connection } from './call-handler.js';
import { createContext } from './context.js';
import { createEvent, parsePayload } from './event.js';
import { describeFailure } from './failure.js';
import type { FrameWriter } from './host-connection.js';
import { prepareEgress } from './egress/prepare-egress.js';
import { type Handler, loadHandler, openLoadReport } from './loading/load-handler.js';
import { exitProcess, nextTurn } from './primordials.js';
import { renderResponse, renderValue, type Rendered } from './response.js';

interface LoadedFunction {
  readonly settings: LoadMessage;
  readonly handler: Handler;
}

/** `prewarmed`: no function yet. `answer` belongs to the call that runs. */
type State =
  | { readonly phase: 'prewarmed' }
  | { readonly phase: 'loading'; readonly settings: LoadMessage }
  | { readonly phase: 'idle'; readonly loaded: LoadedFunction }
  | { readonly phase: 'busy'; readonly loaded: LoadedFunction; readonly answer: CallResponse };

/** The worker's side of the conversation: loads one function, then serves its calls one after the other. */
export class Worker {
  private state: State = { phase: 'prewarmed' };
  private readonly writer: FrameWriter;
  private readonly connection: Connection;
  private readonly codeDirectory: string;
  private readonly proxyPath: string;

  /** `proxyPath` is where the host listens for a function that may connect to the outside. */
  constructor(writer: FrameWriter, connection: Connection, codeDirectory: string, gatePath: string) {
    this.writer = writer;
    this.connection = connection;
    this.codeDirectory = codeDirectory;
    this.proxyPath = gatePath;
  }

  receive(message: HostMessage, body: Buffer): void {
    switch (message.type) {
      case 'load':
        void this.load(message);
        return;
      case 'invoke':
        void this.invoke(message, body);
        return;
      case 'credit':
        if (this.state.phase === 'busy') this.state.answer.grant(message.chunks);
        return;
      default:
        message satisfies never;
    }
  }

  /** Nothing caught this error: the state of the process is unknown, so it reports the error and ends. */
  crash(thrown: unknown): never {
    const { state } = this;
    switch (state.phase) {
      case 'loading':
        return this.failLoad(thrown, state.settings);
      case 'busy':
        state.answer.fail('uncaught', thrown);
        break;
      case 'idle':
        logStack(this.writer, describeFailure(thrown).stack);
        break;
      case 'prewarmed':
        break;
      default:
        state satisfies never;
    }
    return exitProcess(1);
  }

  private async load(settings: LoadMessage): Promise<void> {
    this.state = { phase: 'loading', settings };
    try {
      // Before the import: top-level code reads its settings and files from here.
      Object.assign(process.env, settings.environment, settings.secrets);
      process.chdir(this.codeDirectory);
      const { hasEgress = false, loopback = {} } = settings;
      await prepareEgress(hasEgress ? { proxyPath: this.proxyPath, loopback } : undefined);
      const handler = await loadHandler(this.codeDirectory, settings.handler);
      this.state = { phase: 'idle', loaded: { settings, handler } };
      this.writer.sendJson(readyJson);
    } catch (error) {
      this.failLoad(error, settings);
    }
  }

  private failLoad(thrown: unknown, { handler }: LoadMessage): never {
    const failure = this.reportOf(thrown, handler) ?? describeFailure(thrown);
    logStack(this.writer, failure.stack);
    this.writer.send({ type: 'loadError', ...failure });
    return exitProcess(1);
  }

  /** Undefined if the code that failed has left Node.js in a state in which nothing more can be read. */
  private reportOf(thrown: unknown, handler: string): FunctionFailure | undefined {
    try {
      return openLoadReport().describeLoadFailure(thrown, this.codeDirectory, handler);
    } catch {
      return undefined;
    }
  }

  private async invoke(message: InvokeMessage, body: Buffer): Promise<void> {
    // The host sends a call only to a worker that said it is ready; anything else is a defect.
    if (this.state.phase !== 'idle') return exitProcess(1);
    const { loaded } = this.state;
    const answer = new CallResponse(this.writer, message.invocationId, message.presentation);
    this.state = { phase: 'busy', loaded, answer };
    try {
      await answer.send(await this.handle(loaded, message, body));
    } catch (error) {
      answer.fail('threw', error);
    }
    this.state = { phase: 'idle', loaded };
    // A turn later, so that a function which crashes or blocks right after its answer gets no other call.
    nextTurn(() => {
      this.writer.sendJson(readyJson);
    });
  }

  /** It creates no promise of its own: each costs a turn of every call. */
  private handle(
    { handler, settings }: LoadedFunction,
    message: InvokeMessage,
    body: Buffer,
  ): Promise<Rendered> {
    const { presentation } = message;
    const context = createContext(settings, message);
    if (presentation.kind === 'payload') {
      const returned = callHandler(handler, parsePayload(body), context, this.connection);
      return returned.then((value) => renderValue(value, settings.maxResultBytes));
    }
    const event = createEvent(settings.functionName, message, presentation, body);
    const returned = callHandler(handler, event, context, this.connection);
    return returned.then((value) => renderResponse(value, settings));
  }
}
