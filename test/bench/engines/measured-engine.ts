/** What the benchmark asks of an engine, beside the server that uses it: settings, and what it holds. */

export const ENGINES = ['docker', 'oci'] as const;
export type EngineId = (typeof ENGINES)[number];

export interface MeasuredEngine {
  readonly id: EngineId;
  /** Name and version, for the report. */
  version(): Promise<string>;
  /** What tells a server in this directory of engine and image. */
  environment(directory: string): Readonly<Record<string, string>>;
  /** The containers of whatever state of the server in this directory: their ids, sorted. */
  containersOf(directory: string): Promise<string[]>;
  /** What is left of the server in this directory when it has stopped, containers included; empty if nothing is. */
  remains(directory: string): Promise<string[]>;
  /** The memory that counts towards a container's limit, without the file cache that the kernel would give up. */
  memoryBytes(id: string): Promise<number>;
  /** The id of a container's main process on this machine. */
  mainProcess(id: string): Promise<number>;
  close(): void;
}
