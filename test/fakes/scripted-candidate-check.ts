import { CandidateCheck } from '../../src/deployment/candidate-check.js';
import type { DeployedFunction, FunctionSettings } from '../../src/functions/function.js';

/** Answers as the test says, and remembers what it was asked; without a script everything loads. */
export class ScriptedCandidateCheck extends CandidateCheck {
  load: (candidate: DeployedFunction) => Promise<void> = async () => undefined;
  standsReady = true;
  keptShare = { containers: 8, memoryMiB: 4096 };
  readonly prepared: DeployedFunction[] = [];
  readonly abandoned: DeployedFunction[] = [];

  override settingsWarnings({ egress }: FunctionSettings): Promise<string[]> {
    return Promise.resolve(egress.map((entry) => `${entry} leads nowhere`));
  }

  override keepsReady(): boolean {
    return this.standsReady;
  }

  override async prepare(candidate: DeployedFunction): Promise<void> {
    await this.load(candidate);
    this.prepared.push(candidate);
  }

  override abandon(candidate: DeployedFunction): void {
    this.abandoned.push(candidate);
  }
}
