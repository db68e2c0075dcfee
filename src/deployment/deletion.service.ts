import { Inject, Injectable } from '@nestjs/common';
import { BuildService } from '../builds/build.service.js';
import { RetiredCode } from '../code/store/retired-code.js';
import { Catalogue } from '../functions/catalogue.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { ChangeCommits, withAttempts } from './change-commits.js';
import type { Changer } from './changer.js';
import { FunctionLock } from './function-lock.js';

/** Calls in flight finish with the code they started with; everybody else sees the function gone at once. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly lock: FunctionLock,
    private readonly store: FunctionStore,
    private readonly commits: ChangeCommits,
    private readonly registry: FunctionRegistry,
    private readonly catalogue: Catalogue,
    private readonly retiredCode: RetiredCode,
    @Inject(BuildService) private readonly builds: Pick<BuildService, 'cancel'>,
  ) {}

  /** Rejects with `FUNCTION_NOT_FOUND`, or as `ChangeCommits` does; its code stays until it is certain that the function is gone. */
  async delete(name: FunctionName, by?: Changer): Promise<void> {
    this.registry.get(name);
    await this.lock.run(name, () => withAttempts(() => this.attempt(name)), by);
    this.builds.cancel(name);
  }

  private async attempt(name: FunctionName): Promise<'done' | undefined> {
    const deployed = this.registry.get(name);
    const versions = await this.store.versions(deployed.id);
    const leases = this.registry.leasesOf(deployed);
    const made = async () => {
      await Promise.all(
        versions.map(({ id }) => this.retiredCode.retire({ name, versionId: id }, leases.of(id))),
      );
    };
    if ((await this.commits.remove(deployed, { made })) === 'done') return 'done';
    await this.catalogue.refresh(deployed);
    return undefined;
  }
}
