import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { readdir, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { EngineError } from '../container-engine.js';
import type { ContainerGroups } from '../cgroup-usage.js';
import type { OciPlace } from './config/oci-config.js';
import { cgroupHierarchies } from './launcher/cgroup-directories.js';
import { LauncherPlace, type LauncherQuestion } from './launcher/messages.js';
import type { RuntimeCall } from './runtime-command.js';
import type { RuntimeName } from './runtime-version.js';

/** All control groups of ours are below this one, in each hierarchy. */
const cgroupParent = 'glambdar';

/** The identifier is the installation and the name. The runtime removes the lower one with the container. */
export const ociGroups: readonly ContainerGroups[] = [
  { accounts: `${cgroupParent}/<id>`, own: `${cgroupParent}/<id>/container` },
];

/** One container's directory and control groups; both are named after its installation and itself. */
export interface ContainerPlace {
  readonly installation: string;
  readonly name: string;
}

type Whereabouts = Pick<OciPlace, 'rootDirectory' | 'cgroupsPath' | 'cgroupMounts'>;

/** The containers of this machine as files tell of them, whichever server made them. */
export class Bundles {
  /** Where the launcher has its own mount. */
  readonly launcherPlace: LauncherPlace;
  private found: readonly string[] | undefined;

  constructor(
    private readonly state: string,
    private readonly findHierarchies: () => readonly string[] = cgroupHierarchies,
  ) {
    this.launcherPlace = new LauncherPlace(join(state, 'launcher'));
  }

  bundleOf({ installation, name }: ContainerPlace): string {
    return join(this.state, installation, 'containers', name);
  }

  /** Below each hierarchy. The container's own group is one below, and goes with it; what it used is still known here. */
  cgroupOf({ installation, name }: ContainerPlace): string {
    return join(cgroupParent, installation, name);
  }

  /** What a runtime is told of a container. */
  callOf(place: ContainerPlace, runtime: RuntimeName): RuntimeCall {
    return {
      runtime,
      container: place.name,
      bundle: this.bundleOf(place),
      state: this.launcherPlace.runtimeState,
      pidFile: this.launcherPlace.pidFile(place.name),
      log: join(this.bundleOf(place), 'runtime.log'),
    };
  }

  /** What the launcher is asked for in order to remove it, whatever there is of it. */
  removalOf(place: ContainerPlace): LauncherQuestion {
    const [cgroup, bundle] = [this.cgroupOf(place), this.bundleOf(place)];
    return { kind: 'remove', container: place.name, cgroup, bundle };
  }

  /** What its configuration says of where it is. */
  whereaboutsOf(place: ContainerPlace, root: string): Whereabouts {
    const cgroupsPath = `/${this.cgroupOf(place)}/container`;
    return { rootDirectory: this.launcherPlace.root(root), cgroupsPath, cgroupMounts: this.hierarchies };
  }

  /**
   * Throws a `conflict` where there is one of the name. It waits for no disk, as the state is below `/run`, in memory; and a
   * way to another thread and back would take longer.
   */
  make(place: ContainerPlace): void {
    const bundle = this.bundleOf(place);
    mkdirSync(dirname(bundle), { recursive: true, mode: 0o700 });
    try {
      mkdirSync(bundle, { mode: 0o700 });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      throw new EngineError('conflict', `create: ${place.name} exists`, { cause: error });
    }
  }

  /** At once, as `make`. */
  write(place: ContainerPlace, config: object): void {
    writeFileSync(join(this.bundleOf(place), 'config.json'), JSON.stringify(config), { mode: 0o600 });
  }

  async discard(place: ContainerPlace): Promise<void> {
    await rm(this.bundleOf(place), { recursive: true, force: true });
  }

  /** Removes what holds an installation's containers, where none is left. */
  async leave(installation: string): Promise<void> {
    const directories = [
      join(this.state, installation, 'containers'),
      join(this.state, installation),
      ...this.hierarchies.map((hierarchy) => join(hierarchy, cgroupParent, installation)),
    ];
    for (const directory of directories) await rmdir(directory).catch(() => undefined);
  }

  /** What is left of a container counts as one: a directory, or a control group in any hierarchy. */
  async namesOf(installation: string): Promise<string[]> {
    const directories = [
      join(this.state, installation, 'containers'),
      ...this.hierarchies.map((hierarchy) => join(hierarchy, cgroupParent, installation)),
    ];
    const found = await Promise.all(directories.map(directoriesIn));
    return [...new Set(found.flat())];
  }

  /** A container of which nothing but its name is known. */
  async find(name: string): Promise<ContainerPlace | undefined> {
    const roots = [this.state, ...this.hierarchies.map((hierarchy) => join(hierarchy, cgroupParent))];
    const installations = new Set((await Promise.all(roots.map(directoriesIn))).flat());
    for (const installation of installations) {
      const place = { installation, name };
      const paths = [
        this.bundleOf(place),
        ...this.hierarchies.map((hierarchy) => join(hierarchy, this.cgroupOf(place))),
      ];
      if (paths.some((path) => existsSync(path))) return place;
    }
    return undefined;
  }

  private get hierarchies(): readonly string[] {
    return (this.found ??= this.findHierarchies());
  }
}

async function directoriesIn(directory: string): Promise<string[]> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    return entries.flatMap((entry) => (entry.isDirectory() ? [entry.name] : []));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
