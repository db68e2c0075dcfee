import { settingsGroup, type SettingsOf, text } from '../../../common/settings/settings.js';

export const dockerSettings = settingsGroup('docker', {
  socket: text({
    variable: 'GLAMBDAR_DOCKER_SOCKET',
    meaning:
      "Path of the container engine's Unix socket; if empty, that of DOCKER_HOST, otherwise /var/run/docker.sock.",
    defaultValue: '',
    rule: 'empty or an absolute path',
    isConfidential: true,
    pattern: /^(\/.+)?$/,
  }),
  host: text({
    variable: 'DOCKER_HOST',
    meaning:
      'The engine as other Docker tools find it; only a Unix socket is accepted, never a network address.',
    defaultValue: '',
    rule: 'empty or unix:// and an absolute path',
    isConfidential: true,
    pattern: /^(unix:\/\/\/.+)?$/,
  }),
});

export type DockerSettings = SettingsOf<typeof dockerSettings>;

const defaultSocketPath = '/var/run/docker.sock';

/** The engine's socket: the setting of our own first, then what other Docker tools go by. */
export function socketPathOf({ socket, host }: DockerSettings): string {
  return socket || host.replace(/^unix:\/\//, '') || defaultSocketPath;
}
