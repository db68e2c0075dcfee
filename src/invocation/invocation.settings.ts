import { integer, oneOf, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const invocationSettings = settingsGroup('invocation', {
  requestBytes: integer({
    variable: 'GLAMBDAR_REQUEST_BYTES',
    meaning: 'Largest request body of a call, in bytes.',
    defaultValue: 6 * 1024 * 1024,
    min: 1024,
    max: 100 * 1024 * 1024,
  }),
  bufferedRequestBytes: integer({
    variable: 'GLAMBDAR_BUFFERED_REQUEST_BYTES',
    meaning: 'Most bytes of request bodies held in memory, over all running and waiting calls.',
    defaultValue: 256 * 1024 * 1024,
    min: 1024 * 1024,
    max: 64 * 1024 * 1024 * 1024,
  }),
  running: integer({
    variable: 'GLAMBDAR_RUNNING_CALLS',
    meaning: 'Most running calls, over all functions.',
    defaultValue: 64,
    min: 1,
    max: 4096,
  }),
  runningMemoryMiB: integer({
    variable: 'GLAMBDAR_RUNNING_MEMORY_MIB',
    meaning:
      "Most memory of all running calls, by their functions' limits, in MiB; 0 for three quarters of the machine's memory.",
    defaultValue: 0,
    min: 0,
    max: 16 * 1024 * 1024,
  }),
  queued: integer({
    variable: 'GLAMBDAR_QUEUED_CALLS',
    meaning: 'Most waiting calls, over all functions.',
    defaultValue: 1000,
    min: 0,
    max: 100_000,
  }),
  queuedPerFunction: integer({
    variable: 'GLAMBDAR_QUEUED_CALLS_PER_FUNCTION',
    meaning: 'Most waiting calls of one function.',
    defaultValue: 100,
    min: 0,
    max: 100_000,
  }),
  queueTimeoutMs: integer({
    variable: 'GLAMBDAR_QUEUE_TIMEOUT_MS',
    meaning: 'Longest time a call waits until it may run, in milliseconds.',
    defaultValue: 10_000,
    min: 1,
    max: 900_000,
  }),
  pages: oneOf({
    variable: 'GLAMBDAR_FUNCTION_PAGES',
    meaning:
      "How browsers treat pages (HTML, SVG, XML and whatever is not known to run no scripts) that functions return: `sandboxed` gives each an origin of its own, `shared` lets their scripts act as the server's own pages: use the management API, and do what a person may who is signed in to the dashboard.",
    defaultValue: 'sandboxed',
    choices: ['sandboxed', 'shared'],
  }),
  shutdownGraceSeconds: integer({
    variable: 'GLAMBDAR_SHUTDOWN_GRACE_SECONDS',
    meaning: 'How long running calls may continue once the server is stopping, in seconds.',
    defaultValue: 30,
    min: 0,
    max: 900,
  }),
});

export type InvocationSettings = SettingsOf<typeof invocationSettings>;
