import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const deploymentSettings = settingsGroup('deployment', {
  parallelDeploys: integer({
    variable: 'GLAMBDAR_PARALLEL_DEPLOYS',
    meaning:
      'Deployments under way at the same time, from the first byte of the upload; more are turned away.',
    defaultValue: 8,
    min: 1,
    max: 1000,
  }),
  keptVersions: integer({
    variable: 'GLAMBDAR_KEPT_VERSIONS',
    meaning:
      'Versions of a function that are kept besides the current one, the newest; older ones are removed.',
    defaultValue: 10,
    min: 1,
    max: 1000,
  }),
  queuedChanges: integer({
    variable: 'GLAMBDAR_QUEUED_CHANGES',
    meaning:
      'Most changes of one function (deploy, settings, secrets, delete) that wait while another is made.',
    defaultValue: 32,
    min: 0,
    max: 10_000,
  }),
});

export type DeploymentSettings = SettingsOf<typeof deploymentSettings>;
