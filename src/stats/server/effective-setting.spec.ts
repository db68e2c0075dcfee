import { settingsGroups } from '../../bootstrap/settings-groups.js';
import { effectiveSettings } from './effective-setting.js';

const hostPath = '/home/somebody/private';
const masterKey = 'ab'.repeat(32);

const shown = (environment: Record<string, string>) =>
  new Map(effectiveSettings(settingsGroups, environment).map((setting) => [setting.name, setting]));

describe('the settings in force', () => {
  it('have the value that was set, or the default', () => {
    const settings = shown({ GLAMBDAR_PORT: '9000' });
    expect(settings.get('GLAMBDAR_PORT')).toMatchObject({ value: 9000, source: 'environment' });
    expect(settings.get('GLAMBDAR_HOST')).toMatchObject({ value: '127.0.0.1', source: 'default' });
    expect(settings.get('GLAMBDAR_INSECURE_NO_AUTH')).toMatchObject({ value: false, source: 'default' });
    expect([...settings.values()].every(({ description }) => description.length > 10)).toBe(true);
  });

  it('show no secret and no path but the directory, which the log names at the start', () => {
    const settings = shown({
      GLAMBDAR_DIR: '/srv/glambdar',
      GLAMBDAR_SECRETS_KEY: masterKey,
      GLAMBDAR_SECRETS_KEY_FILE: hostPath,
      GLAMBDAR_DOCKER_SOCKET: hostPath,
      DOCKER_HOST: `unix://${hostPath}`,
      GLAMBDAR_IMAGE_PROGRAM: hostPath,
    });
    expect(settings.get('GLAMBDAR_DIR')).toMatchObject({ value: '/srv/glambdar' });
    expect(settings.get('GLAMBDAR_SECRETS_KEY')).toMatchObject({
      value: null,
      isConfidential: true,
      source: 'environment',
    });
    expect(JSON.stringify([...settings])).not.toContain(hostPath);
    expect(JSON.stringify([...settings])).not.toContain(masterKey);
  });

  it('are confidential wherever their rule speaks of a path or of a key', () => {
    const open = settingsGroups
      .flatMap(({ definitions }) => Object.values(definitions))
      .filter(({ rule, isConfidential }) => /path|hexadecimal|unix:/.test(rule) && isConfidential !== true);
    expect(open.map(({ variable }) => variable)).toEqual(['GLAMBDAR_DIR']);
  });
});
