/** The upload as it was unpacked, as far as a plan looks at it. Paths are from its root. */
export interface SourceTree {
  /** Undefined if there is no such file. Rejects if it has more than `maxBytes`. */
  read(path: string, maxBytes: number): Promise<Buffer | undefined>;
  /** Whether something is there, whatever it is. */
  has(path: string): Promise<boolean>;
}
