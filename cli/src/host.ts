import type { Readable, Writable } from 'node:stream';
import type { Ask } from './terminal/ask.js';

export type Environment = Readonly<Record<string, string | undefined>>;

/** A stream that may be a terminal's. */
export type Input = Readable & { readonly isTTY?: boolean };
export type Output = Writable & { readonly isTTY?: boolean; readonly columns?: number };

/** Everything that the command line has of its process; a spec gives it another one. */
export interface Host {
  readonly stdin: Input;
  readonly stdout: Output;
  readonly stderr: Output;
  readonly environment: Environment;
  readonly homeDirectory: string;
  readonly workingDirectory: string;
  /** Aborted by Ctrl-C. */
  readonly interrupted: AbortSignal;
  readonly ask: Ask;
  now(): Date;
  /** Before something is tried again; rejects at Ctrl-C. */
  wait(milliseconds: number): Promise<void>;
  /** Shows a page in the person's browser; false where there is none to be opened. */
  browse(url: string): Promise<boolean>;
}
