import { maxWorkerJsonBytes } from '../src/ipc/protocol/limits.js';
import type { FailureKind, Presentation, ResultMessage, ValueMessage } from '../src/ipc/protocol/messages.js';
import { describeFailure } from './failure.js';
import type { FrameWriter } from './frame-writer.js';
import { discard, type Pieces } from './pieces.js';
import { bytesFrom, stringify } from './primordials.js';
import type { Rendered } from './response.js';
import { StreamSender } from './stream-sender.js';

/** Statuses whose answers end after their head, and so does every answer to HEAD (RFC 9110, section 6.4.1). */
const statusesWithoutBody = [204, 205, 304];

/** What the worker says to the host of one call, from its result to its end. */
export class CallAnswer {
  private stream: StreamSender | undefined;
  private readonly writer: FrameWriter;
  private readonly invocationId: string;
  private readonly presentation: Presentation;

  constructor(writer: FrameWriter, invocationId: string, presentation: Presentation) {
    this.writer = writer;
    this.invocationId = invocationId;
    this.presentation = presentation;
  }

  /** Resolves when the answer is whole; rejects with what the function's stream throws. */
  async give(rendered: Rendered): Promise<void> {
    const { invocationId } = this;
    switch (rendered.kind) {
      case 'response': {
        const { statusCode, headers, body } = rendered;
        this.sendHead({ type: 'result', invocationId, statusCode, headers }, body);
        return;
      }
      case 'stream': {
        const { statusCode, headers, pieces } = rendered;
        const hasBody = !this.isHead && !statusesWithoutBody.includes(statusCode);
        return this.giveStream({ type: 'result', invocationId, statusCode, headers }, pieces, hasBody);
      }
      case 'value':
        this.sendHead({ type: 'value', invocationId }, rendered.body);
        return;
      case 'value-stream':
        return this.giveStream({ type: 'value', invocationId }, rendered.pieces, true);
      case 'invalid-result':
      case 'result-too-large':
        this.refuse(rendered.kind, rendered.reason);
        return;
      default:
        rendered satisfies never;
    }
  }

  /** The handler, its stream or a line that nobody waits for has thrown. */
  fail(kind: Extract<FailureKind, 'threw' | 'uncaught'>, thrown: unknown): void {
    const failure = describeFailure(thrown);
    logStack(this.writer, failure.stack);
    this.writer.send({ type: 'error', invocationId: this.invocationId, kind, ...failure });
  }

  /** The host has passed on so many chunks of the stream. */
  grant(chunks: number): void {
    this.stream?.grant(chunks);
  }

  private get isHead(): boolean {
    return this.presentation.kind === 'http' && this.presentation.method === 'HEAD';
  }

  /** The head goes out at once; an error of the body comes after it, and can only break the answer off. */
  private async giveStream(
    head: ResultMessage | ValueMessage,
    pieces: Pieces,
    hasBody: boolean,
  ): Promise<void> {
    const isSent = this.sendHead(hasBody ? { ...head, streams: true } : head);
    if (!isSent || !hasBody) {
      discard(pieces);
      return;
    }
    this.stream = new StreamSender(this.writer);
    await this.stream.send(pieces);
    this.writer.send({ type: 'end' });
  }

  /** False when the headers are too large to be sent; the call is refused then. */
  private sendHead(head: ResultMessage | ValueMessage, body?: Uint8Array): boolean {
    const json = stringify(head);
    if (Buffer.byteLength(json) > maxWorkerJsonBytes) {
      this.refuse('invalid-result', "The function's headers are too large; send less.");
      return false;
    }
    this.writer.sendJson(json, body);
    return true;
  }

  private refuse(kind: FailureKind, errorMessage: string): void {
    const { invocationId } = this;
    // The host says itself that a result is too large, and knows no more of what cannot be sent than that it cannot.
    if (kind === 'invalid-result') logStack(this.writer, errorMessage);
    this.writer.send({
      type: 'error',
      invocationId,
      kind,
      errorType: 'InvalidResult',
      errorMessage,
      stack: '',
    });
  }
}

/** Where the function's author looks first. */
export function logStack(writer: FrameWriter, stack: string): void {
  writer.log('stderr', bytesFrom(`${stack}\n`, 'utf8'));
}
