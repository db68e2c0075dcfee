import { Worker } from 'node:worker_threads';
import { Inject, Injectable } from '@nestjs/common';
import { DomainError } from '../../common/errors/domain-error.js';
import type { SettingsOf } from '../../common/settings/settings-group.js';
import { Clock } from '../../common/time/clock.js';
import { archiveRefusal } from './archive-refusal.js';
import { archiveSettings } from './archive.settings.js';
import { errorCodeOf } from './error-code.js';
import { resultOf, type UnpackMessage } from './unpack-message.js';
import { UnpackSlots } from './unpack-slots.js';
import type { UnpackedCode, UnpackRequest } from './unpack.js';
import { Unpacker } from './unpacker.js';

/** The program of the thread. Tests run from TypeScript and bind another. */
export class UnpackThread {
  constructor(readonly module: URL = new URL('./unpack.thread.js', import.meta.url)) {}
}

/**
 * Unpacks each archive in a thread of its own with a deadline and a capped heap, so that neither a parser's bug nor
 * a costly archive reaches the server's event loop. Memory outside the heap is bounded by the archive and one file.
 */
@Injectable()
export class ThreadUnpacker extends Unpacker {
  private readonly slots: UnpackSlots;

  constructor(
    @Inject(archiveSettings.config.KEY) private readonly settings: SettingsOf<typeof archiveSettings>,
    private readonly clock: Clock,
    private readonly thread: UnpackThread,
  ) {
    super();
    const { parallelUnpackings, unpackQueueLength, unpackQueueTimeoutMs } = settings;
    const limits = {
      slots: parallelUnpackings,
      queueLength: unpackQueueLength,
      queueTimeoutMs: unpackQueueTimeoutMs,
    };
    this.slots = new UnpackSlots(limits, clock);
  }

  override async unpack(request: UnpackRequest, signal: AbortSignal): Promise<UnpackedCode> {
    const release = await this.slots.acquire(signal);
    try {
      return resultOf(await this.messageOf(request, signal));
    } finally {
      release();
    }
  }

  private async messageOf(request: UnpackRequest, signal: AbortSignal): Promise<UnpackMessage> {
    signal.throwIfAborted();
    const worker = new Worker(this.thread.module, {
      workerData: request,
      // Nothing of the server's environment or flags is needed there.
      env: {},
      execArgv: [],
      resourceLimits: { maxOldGenerationSizeMb: this.settings.unpackHeapMiB },
    });
    const late = new AbortController();
    const cancelTimer = this.clock.schedule(this.settings.unpackTimeoutMs, () => {
      late.abort(tookTooLong());
    });
    const stop = AbortSignal.any([signal, late.signal]);
    const terminate = () => void worker.terminate();
    stop.addEventListener('abort', terminate);
    try {
      const { message, error } = await endOf(worker);
      if (message !== undefined) return message;
      stop.throwIfAborted();
      throw crashed(error);
    } finally {
      cancelTimer();
      stop.removeEventListener('abort', terminate);
    }
  }
}

/** Waits for the thread itself to end: only then nothing writes any more. */
function endOf(worker: Worker): Promise<{ message: UnpackMessage | undefined; error: unknown }> {
  let message: UnpackMessage | undefined;
  let error: unknown;
  worker.on('message', (sent: UnpackMessage) => {
    message = sent;
  });
  worker.on('error', (raised) => {
    error = raised;
  });
  return new Promise((resolve) => {
    worker.on('exit', () => {
      resolve({ message, error });
    });
  });
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
  return new DomainError('INTERNAL', 'The archive could not be unpacked.', {}, { cause: error });
}
