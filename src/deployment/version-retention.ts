import { Inject, Injectable } from '@nestjs/common';
import { RetiredCode } from '../code/store/retired-code.js';
import { Log } from '../common/log/log.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction, FunctionVersion } from '../functions/function.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { deploymentSettings, type DeploymentSettings } from './deployment.settings.js';

/** Lets go of versions that are too old to be gone back to. */
@Injectable()
export class VersionRetention {
  constructor(
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    private readonly retiredCode: RetiredCode,
    private readonly log: Log,
    @Inject(deploymentSettings.config.KEY) private readonly settings: DeploymentSettings,
  ) {}

  /**
   * For those who have the function's turn. Their records go first, so that nobody can go back to them, then their code,
   * once no call in flight needs it. Never rejects: what cannot be let go now is seen again with the next version.
   */
  async collect(deployed: DeployedFunction): Promise<void> {
    try {
      const versions = await this.store.versions(deployed.id);
      const surplus = surplusVersions(versions, deployed.version.id, this.settings.keptVersions);
      await this.store.removeVersions(
        deployed.id,
        surplus.map(({ id }) => id),
      );
      for (const { id } of surplus) {
        const leases = this.registry.retireVersion(deployed, id);
        await this.retiredCode.retire({ name: deployed.name, versionId: id }, leases);
      }
    } catch (error) {
      this.log.warn({ err: error, function: deployed.name }, 'old versions could not be removed');
    }
  }
}

/**
 * The versions that are not kept any longer: all but the current one and the `kept` newest of the others. With at least
 * one kept, the newest of all stays, so that no number is ever given twice.
 */
export function surplusVersions(
  versions: readonly FunctionVersion[],
  currentId: string,
  kept: number,
): FunctionVersion[] {
  const others = versions.filter(({ id }) => id !== currentId).sort((a, b) => a.number - b.number);
  return others.slice(0, Math.max(0, others.length - kept));
}
