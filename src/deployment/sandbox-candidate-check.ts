import { Inject, Injectable } from '@nestjs/common';
import { shareOf, sharesSettings, type SharesSettings } from '../common/shares/shares.settings.js';
import { CandidateCheck } from './candidate-check.js';
import { EgressService } from '../egress/egress.service.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import type { KeptShare } from './kept-share.js';
import { ReadyPools } from '../sandbox/pool/ready-pools.js';
import { egressWarnings } from './egress-warnings.js';
import { SandboxService } from '../sandbox/sandbox.service.js';

/** Loads a new or changed function in a real container, which then waits for the first call. */
@Injectable()
export class SandboxCandidateCheck extends CandidateCheck {
  override readonly keptShare: KeptShare;

  constructor(
    private readonly sandboxes: SandboxService,
    private readonly egress: EgressService,
    { budget }: ReadyPools,
    @Inject(sharesSettings.config.KEY) { functionPercent }: SharesSettings,
  ) {
    super();
    this.keptShare = {
      containers: shareOf(budget.containers, functionPercent),
      memoryMiB: shareOf(budget.memoryMiB, functionPercent),
    };
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
