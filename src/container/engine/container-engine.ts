import type { SandboxPolicy } from './sandbox-policy.js';

/** The engine's own identifier of a container; never shown to a client. */
export type ContainerId = string & { readonly brand: 'ContainerId' };

/** Whose container it is: by this a later server finds what an earlier one left behind. */
export interface ContainerOwner {
  readonly installation: string;
  /** One run of the server. */
  readonly instance: string;
}

/** What runs in a container. */
export interface ContainerProgram {
  /** The name of the runtime that it belongs to, for whoever has to build its image. */
  readonly runtime: string;
  /** Reference of the image; it is never pulled. */
  readonly image: string;
  /** The first process, with its arguments. */
  readonly command: readonly string[];
  /** The complete environment: nothing comes from the server's own. */
  readonly environment: Readonly<Record<string, string>>;
}

/** Everything that a container is made from. */
export interface ContainerSpec {
  /** Deterministic, so that a create that timed out can be removed by name. */
  readonly name: string;
  readonly owner: ContainerOwner;
  readonly program: ContainerProgram;
  readonly policy: SandboxPolicy;
  /** OCI runtime by the engine's name for it; undefined leaves the engine's default. */
  readonly ociRuntime: string | undefined;
}

export type OutputStream = 'stdout' | 'stderr';
export type OutputListener = (stream: OutputStream, bytes: Buffer) => void;

/** A live view of what a container prints. */
export interface ContainerOutput {
  /**
   * Settles, never rejecting, when the container's output has ended, which it does when its main process has. A process
   * that closes both its streams ends its output early and is treated as ended.
   */
  readonly ended: Promise<void>;
  /** Stops listening; `ended` settles. The program may print on: what it prints is thrown away. */
  close(): void;
}

export interface ContainerExit {
  readonly exitCode: number;
  /** The engine has heard that the kernel killed something in the container for memory; it may hear so too late. */
  readonly outOfMemory: boolean;
  /** The engine itself ended, and its containers with it, whatever their programs were doing. */
  readonly withEngine?: true;
}

export interface OwnedContainer {
  readonly id: ContainerId;
  readonly name: string;
}

/**
 * `unreachable`: no engine answers. `timeout`: it did not answer in time, and may or may not have done the work.
 * `image-missing`: create only. `gone`: the container does not exist. `conflict`: the name is taken, or the container is
 * being removed already. `refused`: any other answer.
 */
export type EngineErrorKind = 'unreachable' | 'timeout' | 'image-missing' | 'gone' | 'conflict' | 'refused';

/** Raised by every operation of an engine; `kind` says what the caller can do about it. */
export class EngineError extends Error {
  override readonly name = 'EngineError';

  constructor(
    readonly kind: EngineErrorKind,
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** This machine cannot run the engine. `message` is for whoever started the server, and says what to do. */
export class UnusableEngine extends Error {
  override readonly name = 'UnusableEngine';
}

/** What a container has used since its start, by the kernel's accounts; null for what cannot be read. */
export interface ContainerUsage {
  /** The most memory that was charged to it at any time, page cache included, in bytes. */
  readonly memoryPeakBytes: number | null;
  readonly cpuTimeMs: number | null;
}

/** How many processes the kernel has killed for memory, `gone` with the container's accounts, or null: it does not say. */
export type MemoryKills = number | 'gone' | null;

/**
 * What Glambdar needs of a container engine, in Glambdar's words. Every operation has a time limit of its own and
 * rejects with an `EngineError` only. `test/contract/container-engine.contract.ts` is the specification.
 */
export abstract class ContainerEngine {
  /** Before the first question: makes sure that this machine can run it, or rejects with an `UnusableEngine`. */
  open(): Promise<void> {
    return Promise.resolve();
  }

  /** Ends what it runs by itself; no question follows. */
  close(): Promise<void> {
    return Promise.resolve();
  }

  /** The OCI runtime of containers whose spec names none, by the engine's name for it; empty where only the engine knows. */
  usualRuntime(): string {
    return '';
  }

  /** Resolves when the engine answers. */
  abstract ping(): Promise<void>;
  /** Which engine it is, to people: its name and version. */
  abstract version(): Promise<string>;
  abstract hasImage(reference: string): Promise<boolean>;
  /** Whether it can make containers with this `ociRuntime`. */
  abstract hasOciRuntime(name: string): Promise<boolean>;
  abstract create(spec: ContainerSpec): Promise<ContainerId>;
  /** Listens to what the container prints; call it before `start`, or the first lines are lost. */
  abstract attach(id: ContainerId, onOutput: OutputListener): Promise<ContainerOutput>;
  abstract start(id: ContainerId): Promise<void>;
  /** Waits for the container to end; the wait itself has no limit but `signal`, whose abort rejects as a `timeout`. */
  abstract wait(id: ContainerId, signal: AbortSignal): Promise<ContainerExit>;
  /**
   * Resolves when the container's process has ended, by itself or not; a removal asked for then needs no kill. No limit
   * but `signal`, whose abort rejects as a `timeout`.
   */
  abstract ended(id: ContainerId, signal: AbortSignal): Promise<void>;
  /** Kills and removes, by id or by name; a container that does not exist counts as removed. */
  abstract remove(idOrName: ContainerId | string): Promise<void>;
  /** Containers of the installation, whichever instance made them and whatever their state. */
  abstract listOwned(installation: string): Promise<OwnedContainer[]>;
  /** CPU time that the container has used since its start, in milliseconds; asks the kernel where that can tell. */
  abstract cpuTimeMs(id: ContainerId): Promise<number>;
  /** Read from the kernel, so that it asks nothing of the engine and may be read often. Never rejects. */
  abstract usage(id: ContainerId): Promise<ContainerUsage>;
  /**
   * Processes of the container that the kernel has killed for memory; `gone` if its accounts went with the container
   * before they could be read, null where the kernel cannot be asked. Counted before such a process ends, so it is there
   * when the engine's own news may still be on its way. Never rejects.
   */
  abstract memoryKills(id: ContainerId): Promise<MemoryKills>;
  /** Processes and threads in the container at this moment; null where the kernel cannot be asked. Never rejects. */
  abstract processes(id: ContainerId): Promise<number | null>;
}
