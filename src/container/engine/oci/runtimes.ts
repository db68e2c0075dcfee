import { readEnvironment } from '../../../common/settings/settings.js';
import { EngineError, UnusableEngine } from '../container-engine.js';
import { type FoundRuntime, lookForRuntime, type RuntimeName } from './runtime-version.js';

const names: ReadonlySet<string> = new Set<RuntimeName>(['crun', 'runc', 'runsc']);

type UsableRuntime = Extract<FoundRuntime, { version: string }>;

/** The runtimes of this machine, each looked for once; where none was found, it is looked for again. */
export class Runtimes {
  private readonly found = new Map<string, Promise<UsableRuntime>>();

  constructor(
    private readonly wanted: '' | RuntimeName,
    private readonly look: (name: RuntimeName) => Promise<FoundRuntime> = lookOnPath,
    private readonly userId = process.getuid?.(),
  ) {}

  /** Rejects with an `UnusableEngine`. */
  usual(): Promise<UsableRuntime> {
    if (this.userId !== 0) {
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
    if (name === undefined) return (await this.usual()).name;
    if (!isName(name)) throw new EngineError('refused', `create: ${name} is no OCI runtime`);
    return (await this.find(name)).name;
  }

  private find(wanted: '' | RuntimeName): Promise<UsableRuntime> {
    const known = this.found.get(wanted);
    if (known) return known;
    const finding = this.choose(wanted === '' ? ['crun', 'runc'] : [wanted]);
    finding.catch(() => this.found.delete(wanted));
    this.found.set(wanted, finding);
    return finding;
  }

  /** The first of these that can be used. */
  private async choose(candidates: readonly RuntimeName[]): Promise<UsableRuntime> {
    const unusable: string[] = [];
    let advice: string | undefined;
    for (const name of candidates) {
      const found = await this.look(name);
      if (!('problem' in found)) return found;
      unusable.push(`${name} ${found.problem}`);
      if (found.problem === 'is missing') advice ??= `Install ${name} (apt-get install ${name})`;
    }
    advice ??= `Install a newer ${candidates.join(' or ')}`;
    throw new UnusableEngine(
      `GLAMBDAR_ENGINE is oci, and this machine has no OCI runtime for it: ${unusable.join('; ')}. ${advice}, or unset GLAMBDAR_ENGINE to use Docker.`,
    );
  }
}

function lookOnPath(name: RuntimeName): Promise<FoundRuntime> {
  return lookForRuntime(name, readEnvironment()['PATH'] ?? '');
}

function isName(name: string): name is RuntimeName {
  return names.has(name);
}
