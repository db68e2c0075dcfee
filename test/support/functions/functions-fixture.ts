import { sharesSettings } from '../../../src/common/shares/shares.settings.js';
import { Candidates } from '../../../src/functions/candidates.js';
import { ChangeTurns } from '../../../src/functions/change-turns.js';
import { FunctionEvents } from '../../../src/functions/function-events.js';
import { SettingsService } from '../../../src/functions/settings/settings.service.js';
import { DeletionService } from '../../../src/functions/deletion.service.js';
import { DeployService } from '../../../src/functions/deploy/deploy.service.js';
import { FunctionRegistry } from '../../../src/functions/function-registry.js';
import { functionsSettings, type FunctionsSettings } from '../../../src/functions/functions.settings.js';
import { InvocationCounter } from '../../../src/functions/invocation-counter.js';
import { LoadOutcomes } from '../../../src/functions/load-outcomes.js';
import { ReplacementService } from '../../../src/functions/replacement.service.js';
import { RetiredCode } from '../../../src/functions/retired-code.js';
import { SecretsService } from '../../../src/functions/secrets/secrets.service.js';
import { secretsSettings } from '../../../src/functions/secrets/secrets.settings.js';
import { builtInDefaults } from '../../../src/functions/settings/default-settings.js';
import { SettingsReader } from '../../../src/functions/settings/settings-reader.js';
import { VersionRetention } from '../../../src/functions/versions/version-retention.js';
import { VersionService } from '../../../src/functions/versions/version.service.js';
import { InMemoryCodeStore } from '../../fakes/in-memory-code-store.js';
import { InMemoryFunctionStore } from '../../fakes/in-memory-function-store.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { RecordingLog } from '../../fakes/recording-log.js';
import { settingsFor } from '../builders/settings.js';
import { testVault } from '../builders/vault.js';

/** Everything of the functions module but its routes: the parts are real, clock, stores and log are fakes. */
export function functionsFixture(maxFunctions = 1000, changed: Partial<FunctionsSettings> = {}) {
  const settings = settingsFor(functionsSettings, changed);
  const clock = new ManualClock();
  const log = new RecordingLog();
  const store = new InMemoryFunctionStore();
  const code = new InMemoryCodeStore();
  const events = new FunctionEvents(log);
  const registry = new FunctionRegistry(new InvocationCounter(store, clock, log), clock, maxFunctions);
  const retiredCode = new RetiredCode(code, clock, log);
  const turns = new ChangeTurns(settings, settingsFor(sharesSettings));
  const candidates = new Candidates(log);
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
  const replacement = new ReplacementService(turns, candidates, store, registry, events);
  const deletion = new DeletionService(turns, store, registry, retiredCode, events);
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
  return { clock, log, store, code, events, registry, retiredCode, candidates, loadOutcomes, ...services };
}

export type FunctionsFixture = ReturnType<typeof functionsFixture>;
