import type { UnpackedCode, UnpackRequest } from '../archive/unpack.js';

/** Runs `unpack` where it cannot hold up or bring down the server. */
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
}
