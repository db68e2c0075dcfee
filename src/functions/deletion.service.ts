import { Injectable } from '@nestjs/common';
import { FunctionEvents } from './function-events.js';
import type { FunctionName } from './function-name.js';
import { functionNotFound, FunctionRegistry, versionKeyOf } from './function-registry.js';
import { RetiredCode } from './retired-code.js';
import { FunctionStore } from './store/function-store.js';

/** Calls in flight end with the code they began with; everybody else sees the function gone at once. */
@Injectable()
export class DeletionService {
  constructor(
    private readonly store: FunctionStore,
    private readonly registry: FunctionRegistry,
    private readonly retiredCode: RetiredCode,
    private readonly events: FunctionEvents,
  ) {}

  /** Rejects with `FUNCTION_NOT_FOUND`, or as the store does; then the function is still there. */
  async delete(name: FunctionName): Promise<void> {
    const deployed = this.registry.get(name);
    await this.store.remove(deployed.id);
    const leases = this.registry.unregister(deployed);
    // Somebody else's deletion of the same function was quicker.
    if (!leases) throw functionNotFound(name);
    this.events.deleted(deployed);
    await this.retiredCode.retire(versionKeyOf(deployed), leases);
  }
}
