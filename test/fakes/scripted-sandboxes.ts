import type { DeployedFunction, SandboxKind } from '../../src/functions/function.js';
import type { SandboxService } from '../../src/sandbox/sandbox.service.js';

/** What the use cases that change functions ask of the sandboxes. */
type AskedOfSandboxes = Pick<
  SandboxService,
  'budget' | 'canMake' | 'keepsReady' | 'provision' | 'abandon' | 'replace' | 'forget'
>;

/** Answers as the test says, and remembers what it was asked; without a script everything loads. */
export class ScriptedSandboxes implements AskedOfSandboxes {
  load: (candidate: DeployedFunction) => Promise<void> = async () => undefined;
  standsReady = true;
  hasGvisor = true;
  readonly budget = { containers: 16, memoryMiB: 8192 };
  readonly prepared: DeployedFunction[] = [];
  readonly abandoned: DeployedFunction[] = [];
  readonly replaced: [before: DeployedFunction, after: DeployedFunction][] = [];
  readonly forgotten: DeployedFunction[] = [];

  async canMake(kind: SandboxKind): Promise<boolean> {
    return kind === 'container' || this.hasGvisor;
  }

  keepsReady(): boolean {
    return this.standsReady;
  }

  async provision(candidate: DeployedFunction): Promise<void> {
    await this.load(candidate);
    this.prepared.push(candidate);
  }

  abandon(candidate: DeployedFunction): void {
    this.abandoned.push(candidate);
  }

  replace(before: DeployedFunction, after: DeployedFunction): void {
    this.replaced.push([before, after]);
  }

  forget(deployed: DeployedFunction): void {
    this.forgotten.push(deployed);
  }
}
