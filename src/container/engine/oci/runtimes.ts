import { EngineError, UnusableEngine } from '../container-engine.js';
import { findRuntime, type RuntimeName } from './runtime.js';

const names: ReadonlySet<string> = new Set<RuntimeName>(['crun', 'runc', 'runsc']);

/** The runtimes of this machine, each looked for once; one that was not found is looked for again. */
export class Runtimes {
  private readonly found = new Map<string, Promise<RuntimeName>>();

  constructor(private readonly wanted: '' | RuntimeName) {}

  /** Rejects with an `UnusableEngine`. */
  usual(): Promise<RuntimeName> {
    if (process.getuid?.() !== 0) {
      const message =
        'GLAMBDAR_ENGINE is oci, and only root may run containers without a Docker Engine. Start the server as root, or unset GLAMBDAR_ENGINE to use Docker.';
      return Promise.reject(new UnusableEngine(message));
    }
    return this.find(this.wanted);
  }

  async has(name: string): Promise<boolean> {
    if (!isName(name)) return false;
    return this.find(name).then(
      () => true,
      () => false,
    );
  }

  /** The one for a container, by its spec. */
  async named(name: string | undefined): Promise<RuntimeName> {
    if (name === undefined) return this.usual();
    if (!isName(name)) throw new EngineError('refused', `create: ${name} is no OCI runtime`);
    return this.find(name);
  }

  private find(wanted: '' | RuntimeName): Promise<RuntimeName> {
    const known = this.found.get(wanted);
    if (known) return known;
    const finding = findRuntime(wanted).then(({ name }) => name);
    finding.catch(() => this.found.delete(wanted));
    this.found.set(wanted, finding);
    return finding;
  }
}

function isName(name: string): name is RuntimeName {
  return names.has(name);
}
