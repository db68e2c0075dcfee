import { builderSteps } from './protocol/messages.js';

/** `queue`: waits for its turn; `image`: the image of builds is made; `validate`: what was built is checked and merged. */
export const buildSteps = ['queue', 'image', ...builderSteps, 'validate'] as const;
export type BuildStep = (typeof buildSteps)[number];

export const buildStreams = ['stdout', 'stderr', 'system'] as const;
export type BuildStream = (typeof buildStreams)[number];

export interface BuildOpening {
  readonly id: string;
  readonly functionName: string;
}

export interface BuildEnd {
  readonly state: 'succeeded' | 'failed';
  /** Whether packages came from the cache. */
  readonly cached: boolean;
  /** The step that failed, and what is said to whoever deployed. */
  readonly failure: { readonly step: BuildStep; readonly message: string } | null;
}

/**
 * Hears of every build, in order: open, steps and lines, end. Calls return at once and never throw; whoever keeps what is
 * heard limits it. A build that is not opened is unknown: what is said of it is dropped.
 */
export abstract class BuildJournal {
  /** The build waits. False if the id belongs to another build already. */
  abstract open(build: BuildOpening): boolean;
  abstract step(id: string, step: BuildStep): void;
  /** One line, without its end; `system` for what the server itself says. */
  abstract line(id: string, stream: BuildStream, text: string): void;
  abstract end(id: string, end: BuildEnd): void;
  /** No build took place after all: nothing needed one, or the upload was refused before. */
  abstract discard(id: string): void;
}
