import { authSettings } from '../auth/auth.settings.js';
import { buildRecordsSettings } from '../builds/records/build-records.settings.js';
import { archiveSettings } from '../code/archive/archive.settings.js';
import { buildsSettings } from '../builds/builds.settings.js';
import { codeSettings } from '../code/code.settings.js';
import { installationSettings } from '../common/installation/installation.settings.js';
import type { AnySettingsGroup } from '../common/settings/settings.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { containerSettings } from '../container/container.settings.js';
import { dockerSettings } from '../container/engine/docker/docker.settings.js';
import { ociSettings } from '../container/engine/oci/oci.settings.js';
import { deploymentSettings } from '../deployment/deployment.settings.js';
import { egressSettings } from '../egress/egress.settings.js';
import { eventsSettings } from '../events/events.settings.js';
import { functionsSettings } from '../functions/functions.settings.js';
import { functionDefaults } from '../functions/settings/default-settings.js';
import { healthSettings } from '../health/health.settings.js';
import { httpSettings } from '../http/http.settings.js';
import { invocationSettings } from '../invocation/invocation.settings.js';
import { ipcSettings } from '../ipc/ipc.settings.js';
import { metricsSettings } from '../metrics/metrics.settings.js';
import { recordsSettings } from '../records/records.settings.js';
import { runtimesSettings } from '../runtimes/runtimes.settings.js';
import { sandboxSettings } from '../sandbox/sandbox.settings.js';
import { secretsSettings } from '../secrets/secrets.settings.js';
import { statsSettings } from '../stats/stats.settings.js';
import { telemetrySettings } from '../telemetry/telemetry.settings.js';

/** All settings: checked together at boot and printed in this order in `docs/configuration.md`. */
export const settingsGroups: readonly AnySettingsGroup[] = [
  installationSettings,
  httpSettings,
  authSettings,
  functionsSettings,
  functionDefaults,
  deploymentSettings,
  archiveSettings,
  codeSettings,
  buildsSettings,
  secretsSettings,
  fairShareSettings,
  invocationSettings,
  eventsSettings,
  sandboxSettings,
  runtimesSettings,
  containerSettings,
  dockerSettings,
  ociSettings,
  ipcSettings,
  egressSettings,
  recordsSettings,
  buildRecordsSettings,
  healthSettings,
  metricsSettings,
  statsSettings,
  telemetrySettings,
];
