import type { ContainerSpec } from '../container-engine.js';
import type { Bundles } from './bundles.js';
import { hiddenFilesOf, writeCover } from './config/cover.js';
import { ociConfig, type OciPlace } from './config/oci-config.js';
import { answerUnknownCalls } from './config/unknown-calls.js';
import { runtimeCommand } from './runtime-command.js';
import type { RuntimeName } from './runtime-version.js';
import type { Session } from './session.js';

/** What is done for a runtime that would do it worse or slower by itself. */
export type RuntimeWalls = Pick<OciPlace, 'seccomp' | 'coveredFiles'>;

export type OpenedImage = OciPlace['image'] & { readonly rootDirectory: string };

/** Where a container is about to be made. */
interface Site {
  readonly image: OpenedImage;
  readonly runtime: RuntimeName;
  readonly session: Session;
}

/** Makes the walls of each container, as far as its runtime needs help with them. */
export class WallMaker {
  /** The kernel's, so the same for all. */
  private hiddenFiles: readonly string[] | undefined;

  constructor(
    private readonly bundles: Bundles,
    private readonly callTimeoutMs: number,
  ) {}

  async wallsOf(spec: ContainerSpec, site: Site): Promise<RuntimeWalls> {
    if (site.runtime !== 'crun')
      return { seccomp: site.runtime === 'runc' ? 'list' : 'none', coveredFiles: [] };
    // The container's own file covers these (cover.ts).
    await writeCover(spec.policy);
    const coveredFiles = (this.hiddenFiles ??= await hiddenFilesOf(spec.policy));
    const compile = () => this.compileFilter(spec, site, coveredFiles);
    return { seccomp: { bpf: await site.session.filterOf(spec.policy.systemCalls, compile) }, coveredFiles };
  }

  /**
   * The filter that the runtime itself makes of the list, but for newer calls (unknown-calls.ts). It is taken from a
   * container that is created in the other's place, never started and removed again; if anything of it stays, it goes
   * with the removal of the other.
   */
  private async compileFilter(
    spec: ContainerSpec,
    { image, session }: Site,
    coveredFiles: readonly string[],
  ): Promise<string> {
    const { bundles, callTimeoutMs } = this;
    const place = { installation: spec.owner.installation, name: spec.name };
    const call = bundles.callOf(place, 'crun');
    const roots = session.rootsOf(image);
    bundles.make(place);
    let root: string | undefined;
    try {
      root = await roots.take();
      const ociPlace = {
        ...bundles.whereaboutsOf(place, root),
        image,
        coveredFiles,
        seccomp: 'list',
      } as const;
      bundles.write(place, ociConfig(spec, ociPlace));
      const command = runtimeCommand('create', call);
      const question = { container: place.name, command, file: 'seccomp.bpf', log: call.log };
      const filter = await session.launcher.ask({ kind: 'inspect', ...question }, callTimeoutMs);
      return answerUnknownCalls(Buffer.from(filter, 'base64')).toString('base64');
    } finally {
      await session.launcher.ask(bundles.removalOf(place), callTimeoutMs);
      if (root !== undefined) roots.giveBack(root);
    }
  }
}
