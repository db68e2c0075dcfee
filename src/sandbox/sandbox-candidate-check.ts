import { Injectable } from '@nestjs/common';
import { CandidateCheck } from '../functions/candidate-check.js';
import type { DeployedFunction } from '../functions/function.js';
import { SandboxService } from './sandbox.service.js';

/** Loads a new or changed function in a real container, which then waits for the first call. */
@Injectable()
export class SandboxCandidateCheck extends CandidateCheck {
  constructor(private readonly sandboxes: SandboxService) {
    super();
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
