import { integer, settingsGroup, type SettingsOf, text } from '../common/settings/settings.js';

export const httpSettings = settingsGroup('http', {
  host: text({
    variable: 'GLAMBDAR_HOST',
    meaning:
      'Address to listen on. By default only this machine can reach the server; any other address requires that you create a key first (docs/access.md).',
    defaultValue: '127.0.0.1',
    rule: 'an IP address or a host name',
    pattern: /^[A-Za-z0-9._:-]{1,253}$/,
  }),
  port: integer({
    variable: 'GLAMBDAR_PORT',
    fallback: 'PORT',
    meaning: 'Port to listen on; 0 for any free port. If it is not set, `PORT` is used.',
    defaultValue: 8000,
    min: 0,
    max: 65_535,
  }),
  connections: integer({
    variable: 'GLAMBDAR_CONNECTIONS',
    meaning:
      'Most open connections; a new one beyond that closes the one that has had no request for longest.',
    defaultValue: 1024,
    min: 1,
    max: 1_000_000,
  }),
  headersTimeoutMs: integer({
    variable: 'GLAMBDAR_HEADERS_TIMEOUT_MS',
    meaning: "Longest time for a request's headers to arrive, in milliseconds.",
    defaultValue: 10_000,
    min: 100,
    max: 600_000,
  }),
  requestTimeoutMs: integer({
    variable: 'GLAMBDAR_REQUEST_TIMEOUT_MS',
    meaning: 'Longest time for a whole request to arrive, in milliseconds.',
    defaultValue: 60_000,
    min: 100,
    max: 3_600_000,
  }),
  keepAliveTimeoutMs: integer({
    variable: 'GLAMBDAR_KEEP_ALIVE_TIMEOUT_MS',
    meaning:
      'How long an idle connection stays open, in milliseconds. Make it longer than the idle timeout of a load balancer in front, commonly 60 s, or calls meet connections that have just been closed.',
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
      'Most bytes of answers held in memory for clients that read slowly, over all connections; what can be sent at once does not count.',
    defaultValue: 256 * 1024 * 1024,
    min: 1024 * 1024,
    max: 64 * 1024 * 1024 * 1024,
  }),
  headerBytes: integer({
    variable: 'GLAMBDAR_HEADER_BYTES',
    meaning: 'Most bytes of a request line and its headers together.',
    defaultValue: 16_384,
    min: 1024,
    max: 1_048_576,
  }),
  headers: integer({
    variable: 'GLAMBDAR_HEADERS',
    meaning: 'Most headers of a request; a request with more gets 431, no header is dropped.',
    defaultValue: 100,
    min: 10,
    max: 1000,
  }),
  closeTimeoutMs: integer({
    variable: 'GLAMBDAR_CLOSE_TIMEOUT_MS',
    meaning:
      'At shutdown, when no call is running any more: how long clients may take to read their answers, in milliseconds.',
    defaultValue: 5000,
    min: 0,
    max: 600_000,
  }),
});

export type HttpSettings = SettingsOf<typeof httpSettings>;
