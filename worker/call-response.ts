import { maxChunkBytes, maxWorkerJsonBytes, streamWindowChunks } from '../src/ipc/protocol/limits.js';
import {
  chunkJson,
  type FailureKind,
  type Presentation,
  type ResultMessage,
  type ValueMessage,
} from '../src/ipc/protocol/messages.js';
import { bytesOf, discard, type Chunks } from './chunks.js';
import { describeFailure } from './failure.js';
import type { FrameWriter } from './host-connection.js';
import { bytesFrom, stringify } from './primordials.js';
import type { Rendered } from './response.js';

/** Statuses whose answers end after their head, and so does every answer to HEAD (RFC 9110, section 6.4.1). */
const statusesWithoutBody = [204, 205, 304];

/** What the worker sends to the host for one call, from its result to its end. */
export class CallResponse {
  private stream: StreamSender | undefined;
  private readonly writer: FrameWriter;
  private readonly invocationId: string;
  private readonly presentation: Presentation;

  constructor(writer: FrameWriter, invocationId: string, presentation: Presentation) {
    this.writer = writer;
    this.invocationId = invocationId;
    this.presentation = presentation;
  }

  /** Resolves when the answer is complete; rejects with what the function's stream throws. */
  async send(rendered: Rendered): Promise<void> {
    const { invocationId } = this;
    switch (rendered.kind) {
      case 'response': {
        const { statusCode, headers, body } = rendered;
        this.sendHead({ type: 'result', invocationId, statusCode, headers }, body);
        return;
      }
      case 'stream': {
        const { statusCode, headers, chunks } = rendered;
        const hasBody = !this.isHead && !statusesWithoutBody.includes(statusCode);
        return this.sendStream({ type: 'result', invocationId, statusCode, headers }, chunks, hasBody);
      }
      case 'value':
        this.sendHead({ type: 'value', invocationId }, rendered.body);
        return;
      case 'value-stream':
        return this.sendStream({ type: 'value', invocationId }, rendered.chunks, true);
      case 'invalid-result':
      case 'result-too-large':
        this.refuse(rendered.kind, rendered.reason);
        return;
      default:
        rendered satisfies never;
    }
  }

  /** The handler, its stream or code that nobody waits for has thrown. */
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

  /** Sends the head at once; an error of the body comes after it and can only break off the answer. */
  private async sendStream(
    head: ResultMessage | ValueMessage,
    chunks: Chunks,
    hasBody: boolean,
  ): Promise<void> {
    const isSent = this.sendHead(hasBody ? { ...head, streams: true } : head);
    if (!isSent || !hasBody) {
      discard(chunks);
      return;
    }
    this.stream = new StreamSender(this.writer);
    await this.stream.send(chunks);
    this.writer.send({ type: 'end' });
  }

  /** False if the headers are too large to be sent; the call then fails. */
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
    // The host reports a result that is too large by itself, but it does not know why one cannot be sent.
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

/**
 * Sends one streamed body, each chunk as soon as the function has produced it. Without credit it waits and asks the
 * function for no more: a slow client slows the function down, and nothing piles up.
 */
class StreamSender {
  private credit = streamWindowChunks;
  private wake: () => void = () => undefined;
  private readonly writer: FrameWriter;

  constructor(writer: FrameWriter) {
    this.writer = writer;
  }

  /** The host has passed on so many chunks. */
  grant(chunks: number): void {
    this.credit += chunks;
    this.wake();
  }

  /** Resolves when everything is sent; rejects with what the body throws, and then closes the body. */
  async send(chunks: Chunks): Promise<void> {
    for await (const chunk of chunks) {
      const bytes = bytesOf(chunk);
      for (let start = 0; start < bytes.length; start += maxChunkBytes) {
        while (this.credit === 0) await this.moreCredit();
        this.credit -= 1;
        this.writer.sendJson(chunkJson, bytes.subarray(start, start + maxChunkBytes));
      }
    }
  }

  private moreCredit(): Promise<void> {
    return new Promise((resolve) => {
      this.wake = resolve;
    });
  }
}

/** Writes to the function's log, where its author looks first. */
export function logStack(writer: FrameWriter, stack: string): void {
  writer.log('stderr', bytesFrom(`${stack}\n`, 'utf8'));
}
