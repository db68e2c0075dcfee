import { settingsGroup, type SettingsOf, text } from '../common/settings/settings.js';

const image = (variable: string, runtime: string, defaultValue: string) =>
  text({
    variable,
    meaning: `Image for functions with the runtime ${runtime}; it is never pulled.`,
    defaultValue,
    rule: 'an image reference: name, name:tag or name@digest',
    pattern: /^[a-z0-9][a-z0-9._/:@-]{0,254}$/,
  });

/** The image of each runtime, by the runtime's name. */
export const runtimesSettings = settingsGroup('runtimes', {
  'nodejs24.x': image('GLAMBDAR_WORKER_IMAGE', 'nodejs24.x', 'glambdar-worker'),
  'nodejs22.x': image('GLAMBDAR_WORKER_IMAGE_NODEJS22', 'nodejs22.x', 'glambdar-worker-nodejs22.x'),
  'nodejs26.x': image('GLAMBDAR_WORKER_IMAGE_NODEJS26', 'nodejs26.x', 'glambdar-worker-nodejs26.x'),
});

export type RuntimesSettings = SettingsOf<typeof runtimesSettings>;
