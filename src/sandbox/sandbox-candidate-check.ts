import { Injectable } from '@nestjs/common';
import { CandidateCheck } from '../functions/candidate-check.js';
import { EgressService } from '../egress/egress.service.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import { egressWarnings } from './egress-warnings.js';
import { SandboxService } from './sandbox.service.js';

/** Loads a new or changed function in a real container, which then waits for the first call. */
@Injectable()
export class SandboxCandidateCheck extends CandidateCheck {
  constructor(
    private readonly sandboxes: SandboxService,
    private readonly egress: EgressService,
  ) {
    super();
  }

  override settingsWarnings({ egress }: FunctionSettings): Promise<string[]> {
    return egressWarnings(egress, this.egress);
  }

  override keepsReady(deployed: DeployedFunction): boolean {
    return this.sandboxes.keepsReady(deployed);
  }

  override prepare(candidate: DeployedFunction): Promise<void> {
    return this.sandboxes.warmUp(candidate);
  }

  override abandon(candidate: DeployedFunction): void {
    this.sandboxes.abandon(candidate);
  }
}
