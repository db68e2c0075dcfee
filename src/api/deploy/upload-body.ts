import type { EventEmitter } from 'node:events';
import type { Request } from 'express';
import { Transform, type TransformCallback } from 'node:stream';
import { DomainError } from '../../common/errors/domain-error.js';
import { ChunkSizes } from '../../common/request-body/read-request-body.js';

const blockBytes = 16 * 1024;

/**
 * What a form's reader reads in place of the request: its body within bounds of size and work. Reading a form costs
 * much for each chunk, so what arrives together is handed on together, and a body whose chunks stay tiny is refused, as
 * is one that goes on and on beside its file. An end of this stream leaves the rest in the request.
 */
export class UploadBody extends Transform {
  readonly headers: Request['headers'];
  private readonly sizes = new ChunkSizes();
  private gathered: Buffer[] = [];
  private gatheredBytes = 0;

  constructor(
    readonly request: Request,
    private readonly limitBytes: number,
  ) {
    super();
    this.headers = request.headers;
    request
      .on('error', () => {
        this.giveUp();
      })
      .on('close', () => {
        this.giveUp();
      });
    request.pipe(this);
  }

  /**
   * Its reader has let go. multer would keep a refusal to itself until the rest of the request has come, which a client
   * may never send: it does not wait where there is nothing to read, and asks for that right afterwards.
   */
  leaveTheRest(): void {
    this.request.unpipe(this);
    this.readable = false;
  }

  override _transform(chunk: Buffer, _encoding: BufferEncoding, done: TransformCallback): void {
    try {
      this.sizes.add(chunk.length);
      if (this.sizes.bytes > this.limitBytes) throw tooLarge();
    } catch (error) {
      done(error as Error);
      return;
    }
    if (this.gathered.length === 0)
      setImmediate(() => {
        this.handOn();
      });
    this.gathered.push(chunk);
    this.gatheredBytes += chunk.length;
    if (this.gatheredBytes >= blockBytes) this.handOn();
    done();
  }

  override _flush(done: TransformCallback): void {
    this.handOn();
    done();
  }

  private handOn(): void {
    if (this.gatheredBytes === 0 || this.destroyed) return;
    const [first] = this.gathered;
    this.push(this.gathered.length === 1 ? first : Buffer.concat(this.gathered, this.gatheredBytes));
    this.gathered = [];
    this.gatheredBytes = 0;
  }

  private giveUp(): void {
    if (!this.request.readableEnded) this.destroy(new Error('Request aborted'));
  }
}

function tooLarge(): DomainError {
  return new DomainError('ARCHIVE_TOO_LARGE', 'The form is larger than this server accepts.');
}

/** By request: names of parts that were sent as bytes but without a file name. */
const namesByRequest = new WeakMap<object, string[]>();

/**
 * multer passes over a part of the type `application/octet-stream` that names no file, and says nothing: settings sent so
 * would be lost. `parser` is its own, which tells of every part.
 */
export function noteNamelessParts(request: object, parser: EventEmitter): void {
  const names: string[] = [];
  namesByRequest.set(request, names);
  parser.on('file', (name: unknown, _content: unknown, { filename }: { readonly filename?: string }) => {
    if (!filename && typeof name === 'string') names.push(name);
  });
}

export function namelessPartsOf(request: object): readonly string[] {
  return namesByRequest.get(request) ?? [];
}
