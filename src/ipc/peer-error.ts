import type { ViolationReason } from './protocol/protocol-violation.js';

/**
 * `closed`: the host itself ended the session. `disconnected`: the worker's end of the socket closed. `load-failed`:
 * the function's code did not load, and its worker serves nothing else.
 */
export type GoneReason = 'closed' | 'disconnected' | 'load-failed';

/**
 * Why a session ended, and what its pending promises reject with. `gone`: nobody answers any more, and what happened
 * to the container says why. `violation`: the worker, or the function that shares its process, broke the protocol.
 */
export class PeerError extends Error {
  override readonly name = 'PeerError';

  private constructor(
    readonly kind: 'gone' | 'violation',
    readonly reason: GoneReason | ViolationReason,
    message: string,
  ) {
    super(message);
  }

  static gone(reason: GoneReason): PeerError {
    return new PeerError('gone', reason, `The worker is gone: ${reason}.`);
  }

  static violation(reason: ViolationReason, message: string): PeerError {
    return new PeerError('violation', reason, message);
  }
}
