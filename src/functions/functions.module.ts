import { readdirSync } from 'node:fs';
import { Module } from '@nestjs/common';
import { ConfigModule } from '@nestjs/config';
import { openDatabase } from '../storage/sqlite/open-database.js';
import { Installation } from '../common/installation/installation.js';
import { ClockModule } from '../common/time/clock.module.js';
import { Clock } from '../common/time/clock.js';
import { isFunctionDirectoryName } from './function-name.js';
import { FunctionEvents } from './function-events.js';
import { FunctionRegistry } from './function-registry.js';
import { FunctionHosts } from './hosts/function-hosts.js';
import { Catalogue } from './catalogue.js';
import { ChangeFeed, InProcessChangeFeed } from './change-feed.js';
import { functionsSettings, type FunctionsSettings } from './functions.settings.js';
import { InvocationCounter } from './invocation-counter.js';
import { LoadOutcomes } from './load-outcomes.js';
import { functionDefaults, type FunctionDefaults } from './settings/default-settings.js';
import { FunctionStore } from './store/function-store.js';
import { functionsHistory } from './store/sqlite/schema.js';
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
    Catalogue,
    FunctionEvents,
    FunctionHosts,
    InvocationCounter,
    LoadOutcomes,
    { provide: ChangeFeed, useClass: InProcessChangeFeed },
    {
      provide: SqliteFunctionStore,
      inject: [Installation, functionsSettings.config.KEY, functionDefaults.config.KEY],
      useFactory: (
        installation: Installation,
        { storeLockTimeoutMs: lockTimeoutMs }: FunctionsSettings,
        defaults: FunctionDefaults,
      ) => {
        const connect = () => {
          const mayCreate = !readdirSync(installation.functions).some(isFunctionDirectoryName);
          return openDatabase(installation.database, functionsHistory, { lockTimeoutMs, mayCreate });
        };
        return new SqliteFunctionStore(connect, lockTimeoutMs, defaults);
      },
    },
    { provide: FunctionStore, useExisting: SqliteFunctionStore },
    {
      provide: FunctionRegistry,
      inject: [InvocationCounter, Clock, functionsSettings.config.KEY],
      useFactory: (counter: InvocationCounter, clock: Clock, { maxFunctions }: FunctionsSettings) =>
        new FunctionRegistry(counter, clock, maxFunctions),
    },
  ],
  exports: [
    Catalogue,
    ChangeFeed,
    FunctionHosts,
    FunctionRegistry,
    FunctionStore,
    FunctionEvents,
    LoadOutcomes,
  ],
})
export class FunctionsModule {}
