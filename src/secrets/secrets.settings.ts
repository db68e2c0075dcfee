import { integer, settingsGroup, type SettingsOf, text } from '../common/settings/settings.js';

/** Most bytes that an operator may allow the value of one secret. */
export const largestSecretBytes = 65_536;

export const secretsSettings = settingsGroup('secrets', {
  masterKeyFile: text({
    variable: 'GLAMBDAR_SECRETS_KEY_FILE',
    meaning:
      "File with the master key that encrypts secrets, readable only by the server's user: 64 hexadecimal digits, or several such keys, one per line, of which the first encrypts. If empty, `secrets.key` in the server's directory, created with the first secret.",
    defaultValue: '',
    rule: 'an absolute path',
    isConfidential: true,
    pattern: /^(\/[^\0]*)?$/,
  }),
  masterKeys: text({
    variable: 'GLAMBDAR_SECRETS_KEY',
    meaning: 'The master key itself, instead of a file; separate several by commas.',
    defaultValue: '',
    rule: '64 hexadecimal digits, or several times so many separated by commas',
    isConfidential: true,
    pattern: /^([0-9a-fA-F]{64}(,[0-9a-fA-F]{64})*)?$/,
  }),
  maxSecrets: integer({
    variable: 'GLAMBDAR_SECRETS',
    meaning: 'Most secrets of one function.',
    defaultValue: 64,
    min: 1,
    max: 256,
  }),
  maxSecretBytes: integer({
    variable: 'GLAMBDAR_SECRET_BYTES',
    meaning: "Most bytes of one secret's value.",
    defaultValue: 32_768,
    min: 1,
    max: largestSecretBytes,
  }),
  // Escaped at its worst, a byte takes six: this many still leave room in a frame of 4 MiB.
  maxTotalBytes: integer({
    variable: 'GLAMBDAR_SECRETS_TOTAL_BYTES',
    meaning: 'Most bytes of the values of all secrets of one function together.',
    defaultValue: 262_144,
    min: 1,
    max: 524_288,
  }),
});

export type SecretsSettings = SettingsOf<typeof secretsSettings>;
