import { integer, oneOf } from '../common/settings/setting.js';
import { settingsGroup, type SettingsOf } from '../common/settings/settings-group.js';

export const invocationSettings = settingsGroup('invocation', {
  requestBytes: integer({
    variable: 'GLAMBDAR_REQUEST_BYTES',
    meaning: "Largest body of a call's request, in bytes.",
    defaultValue: 6 * 1024 * 1024,
    min: 1024,
    max: 100 * 1024 * 1024,
  }),
  bufferedRequestBytes: integer({
    variable: 'GLAMBDAR_BUFFERED_REQUEST_BYTES',
    meaning: 'Most bytes of request bodies held in memory over all calls that run or wait.',
    defaultValue: 256 * 1024 * 1024,
    min: 1024 * 1024,
    max: 64 * 1024 * 1024 * 1024,
  }),
  running: integer({
    variable: 'GLAMBDAR_RUNNING_CALLS',
    meaning: 'Most calls that run at the same time, over all functions.',
    defaultValue: 64,
    min: 1,
    max: 4096,
  }),
  runningMemoryMiB: integer({
    variable: 'GLAMBDAR_RUNNING_MEMORY_MIB',
    meaning:
      "Most memory of all calls that run at the same time, by their functions' limits, in MiB; 0 is three quarters of the machine's.",
    defaultValue: 0,
    min: 0,
    max: 16 * 1024 * 1024,
  }),
  queued: integer({
    variable: 'GLAMBDAR_QUEUED_CALLS',
    meaning: 'Most calls that wait to run, over all functions.',
    defaultValue: 1000,
    min: 0,
    max: 100_000,
  }),
  queuedPerFunction: integer({
    variable: 'GLAMBDAR_QUEUED_CALLS_PER_FUNCTION',
    meaning: 'Most calls of one function that wait to run.',
    defaultValue: 100,
    min: 0,
    max: 100_000,
  }),
  queueTimeoutMs: integer({
    variable: 'GLAMBDAR_QUEUE_TIMEOUT_MS',
    meaning: 'Longest time a call waits to run, in milliseconds.',
    defaultValue: 10_000,
    min: 1,
    max: 900_000,
  }),
  pages: oneOf({
    variable: 'GLAMBDAR_FUNCTION_PAGES',
    meaning:
      "Pages (HTML, SVG, XML) that functions answer with: `sandboxed` gives each an origin of its own in the browser, `shared` lets their scripts act as the server's own pages, management API included.",
    defaultValue: 'sandboxed',
    choices: ['sandboxed', 'shared'],
  }),
  shutdownGraceSeconds: integer({
    variable: 'GLAMBDAR_SHUTDOWN_GRACE_SECONDS',
    meaning: 'How long calls in flight may go on after the server was told to stop, in seconds.',
    defaultValue: 30,
    min: 0,
    max: 900,
  }),
});

export type InvocationSettings = SettingsOf<typeof invocationSettings>;
