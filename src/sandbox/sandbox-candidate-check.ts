import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
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

  override async warningsFor(candidate: DeployedFunction): Promise<string[]> {
    try {
      await this.sandboxes.warmUp(candidate);
      return [];
    } catch (error) {
      return [warningFor(error)];
    }
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

function warningFor(error: unknown): string {
  if (!(error instanceof DomainError)) return 'The code could not be checked.';
  if (faultOf(error.code) !== 'function') return `The code could not be checked: ${error.message}`;
  return `The code does not load, so calls will fail: ${error.message}`;
}
