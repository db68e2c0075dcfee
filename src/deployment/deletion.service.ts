import { Inject, Injectable } from '@nestjs/common';
import { RetiredCode } from '../code/store/retired-code.js';
import { functionNotFound } from '../functions/function.js';
import { FunctionEvents } from '../functions/function-events.js';
import type { FunctionName } from '../functions/function-name.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { FunctionStore } from '../functions/store/function-store.js';
import { SandboxService } from '../sandbox/sandbox.service.js';
import { ChangeTurns } from './change-turns.js';
import type { Changer } from './changer.js';

/** Calls in flight end with the code they began with; everybody else sees the function gone at once. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly turns: ChangeTurns,
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    private readonly retiredCode: RetiredCode,
    @Inject(SandboxService) private readonly sandboxes: Pick<SandboxService, 'forget'>,
    private readonly events: FunctionEvents,
  ) {}

  /** Rejects with `FUNCTION_NOT_FOUND`, or as the store does; then the function is still there. */
  async delete(name: FunctionName, by?: Changer): Promise<void> {
    this.registry.get(name);
    await this.turns.take(name, () => this.deleteInTurn(name), by);
  }

  private async deleteInTurn(name: FunctionName): Promise<void> {
    const deployed = this.registry.get(name);
    const versions = await this.store.versions(deployed.id);
    await this.store.remove(deployed.id);
    const leases = this.registry.unregister(deployed);
    if (!leases) throw functionNotFound(name);
    this.sandboxes.forget(deployed);
    this.events.deleted(deployed);
    await Promise.all(
      versions.map(({ id }) => this.retiredCode.retire({ name, versionId: id }, leases.of(id))),
    );
  }
}
