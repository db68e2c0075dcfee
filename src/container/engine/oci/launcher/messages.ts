import { join } from 'node:path';

/** What the server asks of the launcher; each question gets one answer. */
export type LauncherQuestion =
  | { readonly kind: 'ping' }
  /** Makes file systems for containers from one unpacked image, each a mount of its own. */
  | { readonly kind: 'mount'; readonly image: string; readonly roots: readonly string[] }
  | { readonly kind: 'unmount'; readonly roots: readonly string[] }
  /** Makes pairs of named pipes for what containers print. */
  | { readonly kind: 'pipes'; readonly names: readonly string[] }
  /** Answers when the container's process has started. */
  | {
      readonly kind: 'run';
      readonly container: string;
      readonly command: readonly string[];
      /** A pair that was made before; without one the output goes nowhere. */
      readonly pipes: string | undefined;
      /** Where the runtime says what went wrong. */
      readonly log: string;
    }
  /** Answers with a file that the runtime keeps of a container that it has created, in base64. */
  | {
      readonly kind: 'inspect';
      readonly container: string;
      readonly command: readonly string[];
      readonly file: string;
      readonly log: string;
    }
  /** Kills the container if it runs, and removes all that there is of it. */
  | {
      readonly kind: 'remove';
      readonly container: string;
      /** Below the root of each hierarchy of control groups. */
      readonly cgroup: string;
      readonly bundle: string;
    };

export type Question = LauncherQuestion & { readonly number: number };

export type LauncherMessage =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly number: number; readonly text: string }
  | { readonly kind: 'failure'; readonly number: number; readonly reason: string }
  | { readonly kind: 'ended'; readonly container: string; readonly exitCode: number };

/** Where the launcher has what lives no longer than itself: a mount that only it and its containers see. */
export class LauncherPlace {
  constructor(readonly directory: string) {}

  /** What the runtime notes about its containers. */
  get runtimeState(): string {
    return join(this.directory, 'runtime');
  }

  /** Of one container: crun's and runc's directory, and the files that runsc leaves when its container is killed. */
  stateOf(container: string): readonly string[] {
    const names = [
      container,
      ...['lock', 'state'].map((kind) => `${container}_sandbox:${container}.${kind}`),
    ];
    return names.map((name) => join(this.runtimeState, name));
  }

  get pids(): string {
    return join(this.directory, 'pids');
  }

  pidFile(container: string): string {
    return join(this.pids, container);
  }

  /** An empty directory, for what needs one. */
  get empty(): string {
    return join(this.directory, 'empty');
  }

  get roots(): string {
    return join(this.directory, 'roots');
  }

  root(name: string): string {
    return join(this.roots, name);
  }

  get pipes(): string {
    return join(this.directory, 'pipes');
  }

  pipe(name: string, stream: 'stdout' | 'stderr'): string {
    return join(this.pipes, `${name}.${stream}`);
  }
}
