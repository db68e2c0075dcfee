import { Injectable } from '@nestjs/common';
import { Clock } from '../../common/time/clock.js';
import { CodeThread } from './code-thread.js';

/** Runs `digestOrNull` where it cannot block the server. */
export abstract class TreeDigester {
  /**
   * The digest of each directory's tree, in their order; null if it is missing or unreadable.
   * Rejects with the signal's reason when aborted, and when the reading failed for a reason of the machine's.
   */
  abstract digest(directories: readonly string[], signal: AbortSignal): Promise<(string | null)[]>;
}

/** Generous: nobody waits for it, and the disk may be busy with more urgent work. */
const timeoutMs = 600_000;

/** The names in the largest batch and a chunk of a file; hashing needs no more. */
const heapMiB = 64;

/** Reads trees in a thread for code, as `ThreadUnpacker` writes them; it is its user's to ask for one at a time. */
@Injectable()
export class ThreadTreeDigester extends TreeDigester {
  constructor(
    private readonly clock: Clock,
    private readonly thread: CodeThread,
  ) {
    super();
  }

  override digest(directories: readonly string[], signal: AbortSignal): Promise<(string | null)[]> {
    const limits = {
      heapMiB,
      timeoutMs,
      tookTooLong: () => new Error('Published code could not be read in time.'),
      crashed: (cause: unknown) => new Error('The thread that reads published code failed.', { cause }),
    };
    return this.thread.run({ task: 'digest', directories }, limits, this.clock, signal);
  }
}
