/** Every runtime that a function may choose. */
export const runtimeNames = ['nodejs22.x', 'nodejs24.x', 'nodejs26.x'] as const;
export type RuntimeName = (typeof runtimeNames)[number];

export const defaultRuntime: RuntimeName = 'nodejs24.x';

/** How a container's process ended, as far as it tells a runtime something. */
export interface ProcessEnd {
  /** Undefined when nobody could say. */
  readonly exitCode: number | undefined;
  /** The last lines that were printed. */
  readonly lastOutput: string;
}

/** What runs a function's code, as a value: all that the rest of the server knows of a language or its version. */
export interface Runtime {
  readonly name: RuntimeName;
  /** The first process of a container with so much memory, with its arguments. */
  readonly command: (memoryMiB: number) => readonly string[];
  /** What the worker's process is started with; a function's own variables come later, over its socket. */
  readonly environment: Readonly<Record<string, string>>;
  /** Variables that are read when the process starts, long before a function is loaded: to set them has no effect. */
  readonly reservedVariables: readonly string[];
  /** Whether the process ended because its memory was full, which it then did by itself: no kernel counts that. */
  readonly endedForMemory: (end: ProcessEnd) => boolean;
}
