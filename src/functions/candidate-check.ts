import type { DeployedFunction } from './function.js';

/**
 * "Does this code load?", asked before a deploy is answered. `functions` declares it, `sandbox` answers with a real
 * container, so that functions need not know containers. The module that implements it hands its instance to
 * `DeployService.useCandidateCheck` when it is initialised: so the dependency points one way only.
 */
export abstract class CandidateCheck {
  /** Sentences about what is wrong with the code, for the deployer; empty when it loads. Never rejects. */
  abstract warningsFor(candidate: DeployedFunction): Promise<string[]>;
}
