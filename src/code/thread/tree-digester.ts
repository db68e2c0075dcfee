/** Runs `digestOrNull` where it cannot hold up the server. */
export abstract class TreeDigester {
  /**
   * The digest of each directory's tree, in their order; null where there is none or the disk does not give it back.
   * Rejects with the signal's reason when aborted, and when the reading failed for a reason of the machine's.
   */
  abstract digest(directories: readonly string[], signal: AbortSignal): Promise<(string | null)[]>;
}
