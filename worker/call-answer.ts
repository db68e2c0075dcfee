import { maxWorkerJsonBytes } from '../src/ipc/protocol/limits.js';
import type { FailureKind, ResultMessage } from '../src/ipc/protocol/messages.js';
import { describeFailure } from './failure.js';
import type { FrameWriter } from './frame-writer.js';
import { discard } from './pieces.js';
import { bytesFrom, stringify } from './primordials.js';
import type { Rendered } from './response.js';
import { StreamSender } from './stream-sender.js';

type StreamedResponse = Extract<Rendered, { kind: 'stream' }>;

/** Statuses whose answers end after their head, and so does every answer to HEAD (RFC 9110, section 6.4.1). */
const statusesWithoutBody = [204, 205, 304];

/** What the worker says to the host of one call, from its result to its end. */
export class CallAnswer {
  private stream: StreamSender | undefined;
  private readonly writer: FrameWriter;
  private readonly invocationId: string;
  private readonly method: string;

  constructor(writer: FrameWriter, invocationId: string, method: string) {
    this.writer = writer;
    this.invocationId = invocationId;
    this.method = method;
  }

  /** Resolves when the answer is whole; rejects with what the function's stream throws. */
  async give(rendered: Rendered): Promise<void> {
    const { invocationId } = this;
    switch (rendered.kind) {
      case 'response': {
        const { statusCode, headers, body } = rendered;
        this.sendResult({ type: 'result', invocationId, statusCode, headers }, body);
        return;
      }
      case 'stream':
        return this.giveInPieces(rendered);
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

  /** The head goes out at once; an error of the body comes after it, and can only break the answer off. */
  private async giveInPieces({ statusCode, headers, pieces }: StreamedResponse): Promise<void> {
    const streams = this.method !== 'HEAD' && !statusesWithoutBody.includes(statusCode);
    const { invocationId } = this;
    const head: ResultMessage = { type: 'result', invocationId, statusCode, headers };
    const isSent = this.sendResult(streams ? { ...head, streams } : head);
    if (!isSent || !streams) {
      discard(pieces);
      return;
    }
    this.stream = new StreamSender(this.writer);
    await this.stream.send(pieces);
    this.writer.send({ type: 'end' });
  }

  /** False when the headers are too large to be sent; the call is refused then. */
  private sendResult(result: ResultMessage, body?: Uint8Array): boolean {
    const json = stringify(result);
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
