import { Inject, Injectable } from '@nestjs/common';
import { RetiredCode } from '../code/store/retired-code.js';
import { Log } from '../common/log/log.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction, FunctionVersion } from '../functions/function.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { deploymentSettings, type DeploymentSettings } from './deployment.settings.js';

/** Drops versions that are too old to roll back to. */
@Injectable()
export class VersionRetention {
  constructor(
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    private readonly retiredCode: RetiredCode,
    private readonly log: Log,
    @Inject(deploymentSettings.config.KEY) private readonly settings: DeploymentSettings,
  ) {}

  /** Ids of the versions to drop when `next` is recorded. Never rejects: what is missed now is dropped with the next version. */
  async surplusOf(next: DeployedFunction): Promise<readonly string[]> {
    try {
      const versions = await this.store.versions(next.id);
      return surplusVersions(versions, next.version.id, this.settings.keptVersions).map(({ id }) => id);
    } catch (error) {
      this.log.warn({ err: error, function: next.name }, 'old versions could not be looked up');
      return [];
    }
  }

  /** Removes the code of dropped versions once no call in flight needs it. */
  async retire(deployed: DeployedFunction, versionIds: readonly string[]): Promise<void> {
    for (const versionId of versionIds) {
      const leases = this.registry.retireVersion(deployed, versionId);
      await this.retiredCode.retire({ name: deployed.name, versionId }, leases);
    }
  }
}

/**
 * The versions to drop: all but the current one and the `kept` newest of the others. With at least
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
