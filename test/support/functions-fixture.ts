import { RetiredCode } from '../../src/code/store/retired-code.js';
import { ChangeCommits } from '../../src/deployment/change-commits.js';
import { fairShareSettings } from '../../src/common/budgets/fair-share.settings.js';
import { LoadVerifier } from '../../src/deployment/load-verifier.js';
import { FunctionLock } from '../../src/deployment/function-lock.js';
import { SettingsReader, SettingsService } from '../../src/deployment/settings.service.js';
import { DeletionService } from '../../src/deployment/deletion.service.js';
import { DeployService } from '../../src/deployment/deploy.service.js';
import { deploymentSettings, type DeploymentSettings } from '../../src/deployment/deployment.settings.js';
import { ReplacementService } from '../../src/deployment/replacement.service.js';
import { SecretsService } from '../../src/deployment/secrets.service.js';
import { VersionRetention } from '../../src/deployment/version-retention.js';
import { VersionService } from '../../src/deployment/version.service.js';
import type { EgressService } from '../../src/egress/egress.service.js';
import { Catalogue } from '../../src/functions/catalogue.js';
import { InProcessChangeFeed } from '../../src/functions/change-feed.js';
import { FunctionEvents } from '../../src/functions/function-events.js';
import { FunctionRegistry } from '../../src/functions/function-registry.js';
import { InvocationCounter } from '../../src/functions/invocation-counter.js';
import { LoadOutcomes } from '../../src/functions/load-outcomes.js';
import { builtInDefaults, type FunctionDefaults } from '../../src/functions/settings/default-settings.js';
import { functionsHistory } from '../../src/functions/store/sqlite/schema.js';
import { SqliteFunctionStore } from '../../src/functions/store/sqlite/sqlite-function-store.js';
import { openDatabase, type OpenOptions } from '../../src/storage/sqlite/open-database.js';
import { secretsSettings } from '../../src/secrets/secrets.settings.js';
import { InMemoryCodeStore } from '../fakes/in-memory-code-store.js';
import { InMemoryFunctionStore } from '../fakes/in-memory-function-store.js';
import { ManualClock } from '../fakes/manual-clock.js';
import { RecordingLog } from '../fakes/recording-log.js';
import { ScriptedBuilds } from '../fakes/scripted-builds.js';
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
  const counter = new InvocationCounter(store, clock, log);
  const registry = new FunctionRegistry(counter, clock, maxFunctions);
  const feed = new InProcessChangeFeed(log);
  const retiredCode = new RetiredCode(code, clock, log);
  const shares = settingsFor(fairShareSettings);
  const lock = new FunctionLock(settings, shares);
  const sandboxes = new ScriptedSandboxes();
  const verifier = new LoadVerifier(sandboxes, egress, registry, shares, log);
  const loadOutcomes = new LoadOutcomes(registry, store, log);
  const catalogue = new Catalogue(registry, store, feed, events, counter, loadOutcomes, log);
  const commits = new ChangeCommits(store, feed, clock, log);
  events.onReplaced((before, after) => {
    sandboxes.replace(before, after);
  });
  events.onDeleted((deployed) => {
    sandboxes.forget(deployed);
  });
  const reader = new SettingsReader(builtInDefaults, verifier, {
    problemOf: () => undefined,
    isChosen: () => false,
  });
  const builds = new ScriptedBuilds();
  const deploys = new DeployService(
    lock,
    verifier,
    code,
    builds,
    commits,
    registry,
    retiredCode,
    loadOutcomes,
    reader,
    clock,
    log,
  );
  const replacement = new ReplacementService(lock, verifier, commits, registry, catalogue);
  const deletion = new DeletionService(lock, store, commits, registry, catalogue, retiredCode, builds);
  const vault = testVault(log);
  const secretLimits = settingsFor(secretsSettings, {
    maxSecrets: 3,
    maxSecretBytes: 100,
    maxTotalBytes: 150,
  });
  const secrets = new SecretsService(vault, registry, replacement, clock, secretLimits);
  const retention = new VersionRetention(store, registry, retiredCode, log, settings);
  const versions = new VersionService(
    lock,
    deploys,
    verifier,
    replacement,
    retention,
    retiredCode,
    store,
    registry,
    reader,
    clock,
  );
  const configs = new SettingsService(registry, replacement, reader, verifier);
  const services = { deploys, replacement, configs, deletion, versions, vault, secrets, secretLimits };
  // The store is empty, so nothing is waited for.
  void catalogue.start();
  const catalogued = { store, feed, events, registry, catalogue, loadOutcomes };
  return { clock, log, code, builds, retiredCode, sandboxes, commits, ...catalogued, ...services };
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
