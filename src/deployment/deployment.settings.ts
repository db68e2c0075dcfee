import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const deploymentSettings = settingsGroup('deployment', {
  parallelDeploys: integer({
    variable: 'GLAMBDAR_PARALLEL_DEPLOYS',
    meaning:
      'Most deployments at the same time, counted from the first byte of the upload; further ones are rejected.',
    defaultValue: 8,
    min: 1,
    max: 1000,
  }),
  keptVersions: integer({
    variable: 'GLAMBDAR_KEPT_VERSIONS',
    meaning: 'How many versions of a function are kept besides the current one; older ones are deleted.',
    defaultValue: 10,
    min: 1,
    max: 1000,
  }),
  queuedChanges: integer({
    variable: 'GLAMBDAR_QUEUED_CHANGES',
    meaning:
      'Most changes of one function (deploy, settings, secrets, delete) that wait for another one to finish.',
    defaultValue: 32,
    min: 0,
    max: 10_000,
  }),
});

export type DeploymentSettings = SettingsOf<typeof deploymentSettings>;
