import { RetiredCode } from '../../src/code/store/retired-code.js';
import { openDatabase, type OpenOptions } from '../../src/storage/sqlite/open-database.js';
import { fairShareSettings } from '../../src/common/budgets/fair-share.settings.js';
import { Candidates } from '../../src/deployment/candidates.js';
import { ChangeTurns } from '../../src/deployment/change-turns.js';
import { DeletionService } from '../../src/deployment/deletion.service.js';
import { DeployService } from '../../src/deployment/deploy.service.js';
import { deploymentSettings, type DeploymentSettings } from '../../src/deployment/deployment.settings.js';
import { ReplacementService } from '../../src/deployment/replacement.service.js';
import { SecretsService } from '../../src/deployment/secrets.service.js';
import { SettingsReader } from '../../src/deployment/settings-reader.js';
import { SettingsService } from '../../src/deployment/settings.service.js';
import { VersionRetention } from '../../src/deployment/version-retention.js';
import { VersionService } from '../../src/deployment/version.service.js';
import type { EgressService } from '../../src/egress/egress.service.js';
import { FunctionEvents } from '../../src/functions/function-events.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { InvocationCounter } from '../../src/functions/invocation-counter.js';
import { LoadOutcomes } from '../../src/functions/load-outcomes.js';
import { builtInDefaults, type FunctionDefaults } from '../../src/functions/settings/default-settings.js';
import { functionsHistory } from '../../src/functions/store/sqlite/schema.js';
import { SqliteFunctionStore } from '../../src/functions/store/sqlite/sqlite-function-store.js';
import { secretsSettings } from '../../src/secrets/secrets.settings.js';
import { InMemoryCodeStore } from '../fakes/in-memory-code-store.js';
import { InMemoryFunctionStore } from '../fakes/in-memory-function-store.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { RecordingLog } from '../fakes/recording-log.js';
import { ScriptedSandboxes } from '../fakes/scripted-sandboxes.js';
import { settingsFor, testVault } from './builders/functions.js';

/** The one host that no function of a test reaches. */
const egress: Pick<EgressService, 'whyUnreachable'> = {
  whyUnreachable: (host) => Promise.resolve(host === '10.0.0.7' ? 'leads nowhere' : undefined),
};

/** The catalogue and the use cases that change it: the parts are real; clock, stores, sandboxes and log are fakes. */
export function functionsFixture(maxFunctions = 1000, changed: Partial<DeploymentSettings> = {}) {
  const settings = settingsFor(deploymentSettings, changed);
  const clock = new ManualClock();
  const log = new RecordingLog();
  const store = new InMemoryFunctionStore();
  const code = new InMemoryCodeStore();
  const events = new FunctionEvents(log);
  const registry = new FunctionRegistry(new InvocationCounter(store, clock, log), clock, maxFunctions);
  const retiredCode = new RetiredCode(code, clock, log);
  const shares = settingsFor(fairShareSettings);
  const turns = new ChangeTurns(settings, shares);
  const sandboxes = new ScriptedSandboxes();
  const candidates = new Candidates(sandboxes, egress, shares, log);
  const loadOutcomes = new LoadOutcomes(registry, store, log);
  const reader = new SettingsReader(builtInDefaults, candidates);
  const deploys = new DeployService(
    turns,
    candidates,
    code,
    store,
    registry,
    retiredCode,
    events,
    loadOutcomes,
    reader,
    clock,
    log,
  );
  const replacement = new ReplacementService(turns, candidates, store, registry, sandboxes, events);
  const deletion = new DeletionService(turns, store, registry, retiredCode, sandboxes, events);
  const vault = testVault(log);
  const secretLimits = settingsFor(secretsSettings, {
    maxSecrets: 3,
    maxSecretBytes: 100,
    maxTotalBytes: 150,
  });
  const secrets = new SecretsService(vault, registry, replacement, clock, secretLimits);
  const retention = new VersionRetention(store, registry, retiredCode, log, settings);
  const versions = new VersionService(
    turns,
    deploys,
    candidates,
    replacement,
    retention,
    retiredCode,
    store,
    registry,
    reader,
    clock,
  );
  const configs = new SettingsService(registry, replacement, reader, candidates);
  const services = { deploys, replacement, configs, deletion, versions, vault, secrets, secretLimits };
  return { clock, log, store, code, events, registry, retiredCode, sandboxes, loadOutcomes, ...services };
}

export type FunctionsFixture = ReturnType<typeof functionsFixture>;

/** The store on this file, open. */
export async function openFunctionStore(
  file: string,
  options: OpenOptions,
  defaults?: FunctionDefaults,
): Promise<SqliteFunctionStore> {
  const connect = () => openDatabase(file, functionsHistory, options);
  const store = new SqliteFunctionStore(connect, options.lockTimeoutMs, defaults);
  await store.open();
  return store;
}
