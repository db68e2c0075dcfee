import type { DeployedFunction, FunctionSettings } from '../functions/function.js';
import type { KeptShare } from './kept-share.js';

/**
 * "Does this code load?", asked before a change is answered. `functions` declares it, `sandbox` answers with a real
 * container, so that functions need not know containers. The module that implements it hands its instance to
 * `Candidates.use` when it is initialised: so the dependency points one way only.
 */
export abstract class CandidateCheck {
  /** Most that one function may have kept ready of what all functions share. */
  abstract readonly keptShare: KeptShare;
  /** Sentences about what of the settings cannot work on this server, whatever the code; empty for most. */
  abstract settingsWarnings(settings: FunctionSettings): Promise<string[]>;
  /** Whether something stands ready for the function's next call. */
  abstract keepsReady(deployed: DeployedFunction): boolean;
  /**
   * Makes the candidate's first sandbox ready; it waits for the first call. Rejects with a `DomainError` whose fault is
   * the function's when the code does not load, with `output`, and the platform's when nobody can tell.
   */
  abstract prepare(candidate: DeployedFunction): Promise<void>;
  /** The candidate did not become the function: what was prepared goes. */
  abstract abandon(candidate: DeployedFunction): void;
}
