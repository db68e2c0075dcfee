import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

const mebibyte = 1024 * 1024;

export const recordsSettings = settingsGroup('records', {
  logBytesPerFunction: integer({
    variable: 'GLAMBDAR_LOG_BYTES_PER_FUNCTION',
    meaning:
      'Most bytes stored of what one function prints, counting 256 for each line in addition to its text; the oldest lines are deleted first.',
    defaultValue: 8 * mebibyte,
    min: 65_536,
    max: 1024 * mebibyte,
  }),
  logBytes: integer({
    variable: 'GLAMBDAR_LOG_BYTES',
    meaning:
      'Most bytes stored of what all functions print, counted in the same way; the oldest lines are deleted first.',
    defaultValue: 256 * mebibyte,
    min: 65_536,
    max: 65_536 * mebibyte,
  }),
  invocationsPerFunction: integer({
    variable: 'GLAMBDAR_INVOCATIONS_PER_FUNCTION',
    meaning: 'Most records of calls stored for one function; the oldest are deleted first.',
    defaultValue: 1000,
    min: 1,
    max: 1_000_000,
  }),
  invocations: integer({
    variable: 'GLAMBDAR_INVOCATIONS',
    meaning: 'Most records of calls stored in total; the oldest are deleted first.',
    defaultValue: 100_000,
    min: 1,
    max: 10_000_000,
  }),
  queueBytes: integer({
    variable: 'GLAMBDAR_RECORDS_QUEUE_BYTES',
    meaning:
      'Most bytes of lines and records waiting to be written, a quarter of it for records alone; while it is full, new ones are dropped and counted.',
    defaultValue: 16 * mebibyte,
    min: 65_536,
    max: 1024 * mebibyte,
  }),
  readTimeoutMs: integer({
    variable: 'GLAMBDAR_RECORDS_READ_TIMEOUT_MS',
    meaning:
      'Longest wait of a request for its turn to read lines or records, and then longest time for reading them, in milliseconds.',
    defaultValue: 5000,
    min: 100,
    max: 60_000,
  }),
  parallelReads: integer({
    variable: 'GLAMBDAR_RECORDS_READS',
    meaning: 'Most requests for lines or records that are being read or wait for it.',
    defaultValue: 32,
    min: 1,
    max: 1000,
  }),
  followers: integer({
    variable: 'GLAMBDAR_LOG_FOLLOWERS',
    meaning: 'Most clients that follow logs at the same time.',
    defaultValue: 64,
    min: 1,
    max: 10_000,
  }),
  followSeconds: integer({
    variable: 'GLAMBDAR_LOG_FOLLOW_SECONDS',
    meaning:
      'Longest time one request may follow a log, in seconds; clients of server-sent events reconnect by themselves, after the last line they have seen.',
    defaultValue: 3600,
    min: 1,
    max: 604_800,
  }),
  followerBytes: integer({
    variable: 'GLAMBDAR_LOG_FOLLOWER_BYTES',
    meaning:
      'Most bytes waiting for one client that follows a log and reads too slowly; it misses further lines and learns how many.',
    defaultValue: mebibyte,
    min: 4096,
    max: 1024 * mebibyte,
  }),
  heartbeatSeconds: integer({
    variable: 'GLAMBDAR_LOG_HEARTBEAT_SECONDS',
    meaning:
      'How often a client that follows a log gets a comment when there is nothing else to send, in seconds.',
    defaultValue: 15,
    min: 1,
    max: 3600,
  }),
});

export type RecordsSettings = SettingsOf<typeof recordsSettings>;
