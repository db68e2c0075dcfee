import { integer, oneOf, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const telemetrySettings = settingsGroup('telemetry', {
  logLevel: oneOf({
    variable: 'GLAMBDAR_LOG_LEVEL',
    meaning: 'The least important level that is logged.',
    defaultValue: 'info',
    choices: ['debug', 'info', 'warn', 'error', 'silent'],
  }),
  logFormat: oneOf({
    variable: 'GLAMBDAR_LOG_FORMAT',
    meaning:
      'How log lines are written: `text` for people, `json` for programs, `auto` is text on a terminal and JSON elsewhere.',
    defaultValue: 'auto',
    choices: ['auto', 'json', 'text'],
  }),
  logBufferBytes: integer({
    variable: 'GLAMBDAR_LOG_BUFFER_BYTES',
    meaning: 'Most bytes of log lines waiting to be written; while it is full, further lines are dropped.',
    defaultValue: 4 * 1024 * 1024,
    min: 65_536,
    max: 1024 * 1024 * 1024,
  }),
});

export type TelemetrySettings = SettingsOf<typeof telemetrySettings>;
