import { integer, oneOf, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const telemetrySettings = settingsGroup('telemetry', {
  logLevel: oneOf({
    variable: 'GLAMBDAR_LOG_LEVEL',
    meaning: 'The least important lines that are logged.',
    defaultValue: 'info',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
  }),
  logFormat: oneOf({
    variable: 'GLAMBDAR_LOG_FORMAT',
    meaning:
      'How lines are written: `text` is for people, `json` for programs, `auto` is text on a terminal and JSON elsewhere.',
    defaultValue: 'auto',
    choices: ['auto', 'json', 'text'],
  }),
  logBufferBytes: integer({
    variable: 'GLAMBDAR_LOG_BUFFER_BYTES',
    meaning: 'Most bytes of log lines that wait to be written; further lines are dropped until some are.',
    defaultValue: 4 * 1024 * 1024,
    min: 65_536,
    max: 1024 * 1024 * 1024,
  }),
});

export type TelemetrySettings = SettingsOf<typeof telemetrySettings>;
