import { readdirSync } from 'node:fs';
import { Module, type OnApplicationShutdown } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { Installation } from '../common/installation/installation.js';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { ClockModule } from '../common/time/clock.module.js';
import { isFunctionDirectoryName } from './function-directory.js';
import { FunctionEvents } from './function-events.js';
import { FunctionRegistry } from './function-registry.js';
import { functionsSettings, type FunctionsSettings } from './functions.settings.js';
import { InvocationCounter } from './invocation-counter.js';
import { LoadOutcomes } from './load-outcomes.js';
import { functionDefaults, type FunctionDefaults } from './settings/default-settings.js';
import { FunctionStore } from './store/function-store.js';
import { SqliteFunctionStore } from './store/sqlite/sqlite-function-store.js';

/**
 * The catalogue: which functions there are, what each of them is, and how often it was called. It knows neither their
 * code nor what their secrets say, nor who changes, calls or counts them: those modules stand above and read
 * `FunctionRegistry`, write `FunctionStore`, and tell `LoadOutcomes` and `FunctionEvents`.
 */
@Module({
  imports: [
    ConfigModule.forFeature(functionsSettings.config),
    ConfigModule.forFeature(functionDefaults.config),
    ClockModule,
  ],
  providers: [
    FunctionEvents,
    InvocationCounter,
    LoadOutcomes,
    {
      provide: FunctionStore,
      inject: [Installation, functionsSettings.config.KEY, functionDefaults.config.KEY],
      useFactory: (
        { database, functions }: Installation,
        { storeLockTimeoutMs }: FunctionsSettings,
        defaults: FunctionDefaults,
      ) =>
        SqliteFunctionStore.open(
          database,
          {
            lockTimeoutMs: storeLockTimeoutMs,
            mayCreate: !readdirSync(functions).some(isFunctionDirectoryName),
          },
          defaults,
        ),
    },
    // Loaded before anything that depends on it exists, so nobody ever sees a registry that misses a function.
    {
      provide: FunctionRegistry,
      inject: [FunctionStore, InvocationCounter, Clock, functionsSettings.config.KEY],
      useFactory: async (
        store: FunctionStore,
        counter: InvocationCounter,
        clock: Clock,
        { maxFunctions }: FunctionsSettings,
      ) => new FunctionRegistry(counter, clock, maxFunctions, await store.list()),
    },
  ],
  exports: [FunctionRegistry, FunctionStore, FunctionEvents, LoadOutcomes],
})
export class FunctionsModule implements OnApplicationShutdown {
  constructor(
    private readonly counter: InvocationCounter,
    private readonly loadOutcomes: LoadOutcomes,
    private readonly store: FunctionStore,
    private readonly log: Log,
  ) {}

  /** Modules above have ended their calls by now: what they counted is written, and the store is closed last. */
  async onApplicationShutdown(): Promise<void> {
    await this.loadOutcomes.written();
    if (!(await this.counter.flush())) {
      this.log.error({}, 'the last counts of invocations could not be written and are lost');
    }
    await this.store.close();
  }
}
