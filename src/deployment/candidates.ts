import { Injectable } from '@nestjs/common';
import { DomainError } from '../common/errors/domain-error.js';
import { faultOf } from '../common/errors/error-codes.js';
import { Log } from '../common/log/log.js';
import type { CandidateCheck } from './candidate-check.js';
import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import type { KeptShare } from './kept-share.js';
import { loads, outcomeOfFailure, untried, type LoadOutcome } from '../functions/load-outcome.js';

/** Tries out what a function is, or is about to become, before any call meets it. */
@Injectable()
export class Candidates {
  private check: CandidateCheck | undefined;

  constructor(private readonly log: Log) {}

  /** Called once, at boot, by the module above that can load code; without it nothing is tried. */
  use(check: CandidateCheck): void {
    this.check = check;
  }

  /** Most that one function may have kept ready; undefined where nothing is. */
  get keptShare(): KeptShare | undefined {
    return this.check?.keptShare;
  }

  /** Of a function that is recorded, so whatever happens here must not look as if it were not. Never rejects. */
  async tryOut(deployed: DeployedFunction): Promise<LoadOutcome> {
    if (!this.check) return untried;
    try {
      await this.check.prepare(deployed);
      return loads;
    } catch (error) {
      this.log.warn({ err: error, function: deployed.name }, 'nothing could be made ready ahead of calls');
      return outcomeOfFailure(error);
    }
  }

  /** What of these settings cannot work on this server; they are saved by now. Never rejects. */
  async settingsWarnings(settings: FunctionSettings): Promise<readonly string[]> {
    try {
      return (await this.check?.settingsWarnings(settings)) ?? [];
    } catch (error) {
      this.log.error({ err: error }, 'the check of saved settings failed');
      return [];
    }
  }

  /** Rejects with `CANDIDATE_NOT_LOADABLE`, or with the platform's fault when it cannot be told; then nothing is kept. */
  async requireLoadable(candidate: DeployedFunction): Promise<LoadOutcome> {
    if (!this.check) return untried;
    try {
      await this.check.prepare(candidate);
      return loads;
    } catch (error) {
      this.abandon(candidate);
      throw refusalOf(error);
    }
  }

  /**
   * Makes the successor ready where its predecessor was, so that calls find it so, and where its predecessor did not
   * load, since the change may be what mends it. What does not load is not this one's to refuse. Never rejects.
   */
  async keepReady(predecessor: DeployedFunction, successor: DeployedFunction): Promise<LoadOutcome> {
    const isWanted = predecessor.loadFailure !== null || this.check?.keepsReady(predecessor) === true;
    return isWanted ? this.tryOut(successor) : untried;
  }

  abandon(candidate: DeployedFunction): void {
    this.check?.abandon(candidate);
  }
}

function refusalOf(error: unknown): unknown {
  if (!(error instanceof DomainError) || faultOf(error.code) !== 'function') return error;
  return new DomainError(
    'CANDIDATE_NOT_LOADABLE',
    `Nothing was changed: the code does not load. ${error.message}`,
    error.details,
    { cause: error },
  );
}
