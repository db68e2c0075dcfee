import { integer, settingsGroup, type SettingsOf, text } from '../common/settings/settings.js';

export const httpSettings = settingsGroup('http', {
  host: text({
    variable: 'GLAMBDAR_HOST',
    meaning:
      'Address to listen on. By default only this machine reaches the server; any other address needs a key first (docs/access.md).',
    defaultValue: '127.0.0.1',
    rule: 'an IP address or a host name',
    pattern: /^[A-Za-z0-9._:-]{1,253}$/,
  }),
  port: integer({
    variable: 'GLAMBDAR_PORT',
    fallback: 'PORT',
    meaning: 'Port to listen on; 0 for any free one. Where it is not set, `PORT` counts.',
    defaultValue: 8000,
    min: 0,
    max: 65_535,
  }),
  connections: integer({
    variable: 'GLAMBDAR_CONNECTIONS',
    meaning:
      'Most connections at the same time; for one more, that goes which has longest had no request to answer.',
    defaultValue: 1024,
    min: 1,
    max: 1_000_000,
  }),
  headersTimeoutMs: integer({
    variable: 'GLAMBDAR_HEADERS_TIMEOUT_MS',
    meaning: "Longest time a request's headers may take to arrive, in milliseconds.",
    defaultValue: 10_000,
    min: 100,
    max: 600_000,
  }),
  requestTimeoutMs: integer({
    variable: 'GLAMBDAR_REQUEST_TIMEOUT_MS',
    meaning: 'Longest time a whole request may take to arrive, in milliseconds.',
    defaultValue: 60_000,
    min: 100,
    max: 3_600_000,
  }),
  keepAliveTimeoutMs: integer({
    variable: 'GLAMBDAR_KEEP_ALIVE_TIMEOUT_MS',
    meaning:
      'How long an unused connection stays open, in milliseconds; longer than what a load balancer in front waits, commonly 60 s, or calls meet connections that have just closed.',
    defaultValue: 65_000,
    min: 1,
    max: 3_600_000,
  }),
  sendTimeoutMs: integer({
    variable: 'GLAMBDAR_SEND_TIMEOUT_MS',
    meaning: 'Longest time that a client may read nothing of its answer, in milliseconds.',
    defaultValue: 30_000,
    min: 100,
    max: 3_600_000,
  }),
  unsentBytes: integer({
    variable: 'GLAMBDAR_UNSENT_BYTES',
    meaning:
      'Most bytes of answers that wait in memory for clients which read slowly, over all connections; what leaves at once does not count.',
    defaultValue: 256 * 1024 * 1024,
    min: 1024 * 1024,
    max: 64 * 1024 * 1024 * 1024,
  }),
  headerBytes: integer({
    variable: 'GLAMBDAR_HEADER_BYTES',
    meaning: "Most bytes of a request's line and headers together.",
    defaultValue: 16_384,
    min: 1024,
    max: 1_048_576,
  }),
  headers: integer({
    variable: 'GLAMBDAR_HEADERS',
    meaning: 'Most headers of a request; one that has more is answered with 431, and none is dropped.',
    defaultValue: 100,
    min: 10,
    max: 1000,
  }),
  closeTimeoutMs: integer({
    variable: 'GLAMBDAR_CLOSE_TIMEOUT_MS',
    meaning:
      'At shutdown, when no call runs any more: how long clients may take to read their answers, in milliseconds.',
    defaultValue: 5000,
    min: 0,
    max: 600_000,
  }),
});

export type HttpSettings = SettingsOf<typeof httpSettings>;
