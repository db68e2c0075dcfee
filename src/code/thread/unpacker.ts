import { Inject, Injectable } from '@nestjs/common';
import {
  fairShareSettings,
  type FairShareSettings,
  shareOf,
} from '../../common/budgets/fair-share.settings.js';
import type { Shortage } from '../../common/budgets/shared-budget.js';
import { type Release, Semaphore } from '../../common/concurrency/semaphore.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { errorCodeOf } from '../../common/errors/storage-failure.js';
import type { SettingsOf } from '../../common/settings/settings.js';
import { Cancellation } from '../../common/time/cancellation.js';
import { Clock } from '../../common/time/clock.js';
import { archiveRefusal } from '../archive/archive-refusal.js';
import { archiveSettings } from '../archive/archive.settings.js';
import type { AddRequest } from '../archive/add-to-tree.js';
import type { UnpackedCode, UnpackRequest } from '../archive/unpack.js';
import { type CodeRequest, CodeThread } from './code-thread.js';
import { defectSentence } from './thread-message.js';

interface SlotLimits {
  /** Held at the same time. */
  readonly slots: number;
  /** Most of them that one key holds. */
  readonly slotsPerKey: number;
  /** Waiting for one; more are refused at once. */
  readonly queueLength: number;
  /** Most of those that wait that are one key's. */
  readonly queueLengthPerKey: number;
  /** Longest wait for one. */
  readonly queueTimeoutMs: number;
}

/**
 * Limits how many archives are unpacked at once, in total and for one key; the others queue, for a limited time. Waiting
 * for a key's own limit does not hold up others in the queue.
 */
export class UnpackSlots {
  private readonly semaphore: Semaphore;

  constructor(
    private readonly limits: SlotLimits,
    private readonly clock: Clock,
  ) {
    this.semaphore = new Semaphore({
      permits: { total: limits.slots, share: limits.slotsPerKey },
      queue: { total: limits.queueLength, share: limits.queueLengthPerKey },
    });
  }

  /**
   * Rejects with `OVERLOADED` when the queue is full or the wait too long, with `RATE_LIMITED` when too many of this key's
   * wait, and with the signal's reason when aborted. Without a key there is no share to keep to.
   */
  async acquire(signal: AbortSignal, keyId: string | undefined): Promise<Release> {
    signal.throwIfAborted();
    const cancellation = new Cancellation();
    const giveUp = () => {
      cancellation.cancel(signal.reason as Error);
    };
    signal.addEventListener('abort', giveUp);
    try {
      return await this.semaphore.acquireWithin(keyId, {
        clock: this.clock,
        withinMs: this.limits.queueTimeoutMs,
        refusal: (shortage) => this.refusal(shortage),
        cancellation,
      });
    } finally {
      signal.removeEventListener('abort', giveUp);
    }
  }

  private refusal(shortage: Shortage): DomainError {
    const details = { retryAfterMs: this.limits.queueTimeoutMs };
    return shortage === 'share'
      ? new DomainError(
          'RATE_LIMITED',
          'Your key has as many deployments waiting to be unpacked as it may; send the next one when one of them has ended.',
          details,
        )
      : new DomainError('OVERLOADED', 'Too many deployments are being unpacked: try again shortly.', details);
  }
}

/** Runs `unpack` where it can neither block nor crash the server. */
export abstract class Unpacker {
  /**
   * Settles only when nothing writes to the target any more, also after `signal` aborts.
   * Rejects as `unpack` does, and with `OVERLOADED` when too many are waiting, `RATE_LIMITED` when too many of this key's are.
   */
  abstract unpack(
    request: UnpackRequest,
    signal: AbortSignal,
    keyId: string | undefined,
  ): Promise<UnpackedCode>;

  /** The same for `addToTree`. */
  abstract add(request: AddRequest, signal: AbortSignal, keyId: string | undefined): Promise<UnpackedCode>;
}

/**
 * Unpacks each archive in a thread of its own with a deadline and a capped heap, so that neither a parser's bug nor
 * a costly archive reaches the server's event loop. Memory outside the heap is bounded by one file, packed and unpacked.
 */
@Injectable()
export class ThreadUnpacker extends Unpacker {
  private readonly slots: UnpackSlots;

  constructor(
    @Inject(archiveSettings.config.KEY) private readonly settings: SettingsOf<typeof archiveSettings>,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
    private readonly clock: Clock,
    private readonly thread: CodeThread,
  ) {
    super();
    const { parallelUnpackings, unpackQueueLength, unpackQueueTimeoutMs } = settings;
    const limits = {
      slots: parallelUnpackings,
      slotsPerKey: shareOf(parallelUnpackings, keyPercent),
      queueLength: unpackQueueLength,
      queueLengthPerKey: shareOf(unpackQueueLength, keyPercent),
      queueTimeoutMs: unpackQueueTimeoutMs,
    };
    this.slots = new UnpackSlots(limits, clock);
  }

  override unpack(request: UnpackRequest, signal: AbortSignal, keyId: string | undefined) {
    return this.run({ task: 'unpack', ...request }, signal, keyId);
  }

  override add(request: AddRequest, signal: AbortSignal, keyId: string | undefined) {
    return this.run({ task: 'add', ...request }, signal, keyId);
  }

  private async run(
    request: CodeRequest,
    signal: AbortSignal,
    keyId: string | undefined,
  ): Promise<UnpackedCode> {
    const { unpackHeapMiB: heapMiB, unpackTimeoutMs: timeoutMs } = this.settings;
    const release = await this.slots.acquire(signal, keyId);
    try {
      const limits = { heapMiB, timeoutMs, tookTooLong, crashed };
      return await this.thread.run<UnpackedCode>(request, limits, this.clock, signal);
    } finally {
      release();
    }
  }
}

function tookTooLong(): DomainError {
  return archiveRefusal(
    'unpack_timeout',
    'The archive took too long to unpack: send fewer or smaller files.',
  );
}

function crashed(error: unknown): Error {
  const outOfMemory = errorCodeOf(error) === 'ERR_WORKER_OUT_OF_MEMORY';
  const advice = 'The archive took too much memory to unpack: send fewer files.';
  if (outOfMemory) return archiveRefusal('unpack_out_of_memory', advice, { cause: error });
  return new DomainError('INTERNAL', defectSentence, {}, { cause: error });
}
