/**
 * The conversation between host and builder, compiled into both; frames are those of src/ipc/protocol. docs/builds.md is
 * its prose.
 *
 *   builder                     host
 *   hello              ->
 *                      <-       build
 *   step, log*         ->
 *   chunk* + body      ->                   (the zip of what is new; none if nothing is)
 *                      <-       credit*
 *   done | failed      ->
 *
 * The host ends the conversation by closing the socket: the builder ends its process then. Install scripts run beside the
 * builder, so the host treats every byte it sends as hostile.
 */
export const buildProtocolVersion = 1;

/** The socket, and the upload as it was unpacked, which the builder can only read. */
export const buildSocketPath = '/glambdar/socket';
export const buildSourcePath = '/glambdar/code';
/** The only place that the builder can write to. */
export const buildWorkPath = '/tmp';

export interface InstallOrder {
  /** `ci` where there is a lock file that npm reads. */
  readonly command: 'ci' | 'install';
  /** Whether install scripts run, those of the root package included. */
  readonly scripts: boolean;
  /** The registry of npm's setting `registry`; nothing in the upload may name another. */
  readonly registry: string;
}

export interface BundleOrder {
  /** Path of the entry file, from the root of the upload, such as `index.ts`. */
  readonly entry: string;
}

export interface BuildLimits {
  /** Most bytes of the zip. */
  readonly archiveBytes: number;
  /** Time that the host leaves to the build, in milliseconds from receipt. The host alone enforces it. */
  readonly remainingMs: number;
  /** Most seconds that npm may wait for one answer of a registry. */
  readonly fetchTimeoutMs: number;
}

export interface BuildMessage {
  readonly type: 'build';
  readonly install: InstallOrder | null;
  readonly bundle: BundleOrder | null;
  readonly limits: BuildLimits;
}

/** The host has written so many chunks: as many more may come. The builder starts with `buildWindowChunks`. */
export interface BuildCreditMessage {
  readonly type: 'credit';
  readonly chunks: number;
}

export type BuildHostMessage = BuildMessage | BuildCreditMessage;

export interface BuilderHelloMessage {
  readonly type: 'hello';
  readonly protocolVersion: number;
  /** `GLAMBDAR_TOKEN`, which the builder removes from its environment before it runs anything else. */
  readonly token: string;
}

/** What the builder itself does, in this order. `pack`: what is new becomes a zip. */
export const builderSteps = ['install', 'bundle', 'pack'] as const;
export type BuilderStep = (typeof builderSteps)[number];

/** A step begins. */
export interface BuildStepMessage {
  readonly type: 'step';
  readonly step: BuilderStep;
}

/** Whole lines, or a part of one that is too long; `text` has no line end at its own end. */
export interface BuildLogMessage {
  readonly type: 'log';
  readonly stream: 'stdout' | 'stderr';
  readonly text: string;
}

/** The next bytes of the zip, `maxBuildChunkBytes` at most. */
export interface BuildChunkMessage {
  readonly type: 'chunk';
  // The frame's body is the bytes.
}

export interface BuildFacts {
  /** Packages that npm installed. */
  readonly packages: number;
  /** Files in the zip. */
  readonly files: number;
  /** Bytes of the zip, which the host counts as well. */
  readonly bytes: number;
}

export interface BuildDoneMessage {
  readonly type: 'done';
  readonly facts: BuildFacts;
}

export interface BuildFailedMessage {
  readonly type: 'failed';
  readonly step: BuilderStep;
  /** Of the program that failed; null where none ran, or a signal ended it. */
  readonly exitCode: number | null;
  /** One or two sentences: what failed and what to do. */
  readonly message: string;
}

export type BuilderMessage =
  | BuilderHelloMessage
  | BuildStepMessage
  | BuildLogMessage
  | BuildChunkMessage
  | BuildDoneMessage
  | BuildFailedMessage;
