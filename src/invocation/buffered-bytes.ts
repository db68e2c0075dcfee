import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { invocationSettings, type InvocationSettings } from './invocation.settings.js';

/** Bounds the memory that request bodies take, over all calls that run or wait. */
@Injectable()
export class BufferedBytes {
  private reservedBytes = 0;

  /** Bytes of bodies that calls hold now, by what they declared. */
  get reserved(): number {
    return this.reservedBytes;
  }

  constructor(@Inject(invocationSettings.config.KEY) private readonly settings: InvocationSettings) {}

  /**
   * Reserves room for a body: its declared length, or the largest one allowed where the client did not say.
   * Returns how to give it back; throws `OVERLOADED` when there is none.
   */
  reserve(declaredBytes: number | undefined): () => void {
    const bytes = Math.min(declaredBytes ?? this.settings.requestBytes, this.settings.requestBytes);
    if (this.reservedBytes + bytes > this.settings.bufferedRequestBytes) {
      throw new DomainError('OVERLOADED', 'The server holds too many request bodies; try again later.', {
        retryAfterMs: 1000,
      });
    }
    this.reservedBytes += bytes;
    let given = false;
    return () => {
      if (given) return;
      given = true;
      this.reservedBytes -= bytes;
    };
  }
}
