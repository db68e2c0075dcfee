import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { CodeStore } from './code/code-store.js';
import { FunctionRegistry } from './function-registry.js';
import { InvocationCounter } from './invocation-counter.js';
import { LoadOutcomes } from './load-outcomes.js';
import { loadRegistry } from './load-registry.js';
import { RetiredCode } from './retired-code.js';
import { SecretVault } from './secrets/secret-vault.js';
import { FunctionStore } from './store/function-store.js';

/** Begins and ends the functions with the server, between the opening and the closing of their database. */
@Injectable()
export class FunctionsLifecycle {
  constructor(
    private readonly registry: FunctionRegistry,
    private readonly store: FunctionStore,
    private readonly code: CodeStore,
    private readonly vault: SecretVault,
    private readonly counter: InvocationCounter,
    private readonly retiredCode: RetiredCode,
    private readonly loadOutcomes: LoadOutcomes,
    private readonly log: Log,
  ) {}

  /** Before anybody looks for a function: nobody ever sees a registry that is not complete. */
  start(): Promise<void> {
    return loadRegistry(this.registry, this.store, this.code, this.vault, this.log);
  }

  /** Calls have ended by now: what they counted is written. */
  async stop(): Promise<void> {
    this.retiredCode.close();
    await this.loadOutcomes.written();
    if (!(await this.counter.flush())) {
      this.log.error({}, 'the last counts of invocations could not be written and are lost');
    }
  }
}
