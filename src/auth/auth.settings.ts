import { parseAddressSet } from '../common/network/host.js';
import { flag, integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';
import { allowedHostsRule, parseAllowedHosts } from './http/allowed-hosts.js';

export const authSettings = settingsGroup('access', {
  insecureNoAuth: flag({
    variable: 'GLAMBDAR_INSECURE_NO_AUTH',
    meaning:
      'Whether other machines may use the server, directly or through a proxy, although no key exists. Anyone who can reach it can then do everything.',
    defaultValue: false,
  }),
  allowedHosts: {
    variable: 'GLAMBDAR_ALLOWED_HOSTS',
    meaning:
      'Host names, separated by commas, under which the server may be called in addition to those of this machine, such as the name that a reverse proxy publishes. Web pages from these hosts may call the server, on the HTTP and HTTPS ports or on the port you give. An entry with a scheme (`http://localhost:3000`) only allows the pages of that origin.',
    defaultValue: '',
    rule: allowedHostsRule,
    parse: (list: string) => (parseAllowedHosts(list) ? list : undefined),
  },
  trustedProxies: {
    variable: 'GLAMBDAR_TRUSTED_PROXIES',
    meaning:
      "Addresses and networks of reverse proxies, separated by commas. The server believes their `X-Forwarded-For`, so that limits and records use the client's own address, and their `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, which functions see.",
    defaultValue: '',
    rule: 'IP addresses or networks (10.0.0.0/8) separated by commas',
    parse: (list: string) => (parseAddressSet(list) ? list : undefined),
  },
  maxKeys: integer({
    variable: 'GLAMBDAR_MAX_KEYS',
    meaning: 'Most keys that are not revoked.',
    defaultValue: 1000,
    min: 1,
    max: 100_000,
  }),
  managementPerSecond: integer({
    variable: 'GLAMBDAR_MANAGEMENT_PER_SECOND',
    meaning:
      'Most requests per second and key, not counting calls of functions; 0 for no limit. Without keys the limit is per address of another machine.',
    defaultValue: 20,
    min: 0,
    max: 100_000,
  }),
  managementBurst: integer({
    variable: 'GLAMBDAR_MANAGEMENT_BURST',
    meaning: 'How many of these requests may arrive at once.',
    defaultValue: 40,
    min: 1,
    max: 100_000,
  }),
  invocationsPerSecond: integer({
    variable: 'GLAMBDAR_INVOCATIONS_PER_SECOND',
    meaning: 'Most calls of functions per second and key; 0 for no limit.',
    defaultValue: 0,
    min: 0,
    max: 1_000_000,
  }),
  invocationBurst: integer({
    variable: 'GLAMBDAR_INVOCATION_BURST',
    meaning: 'How many calls may arrive at once if they are limited.',
    defaultValue: 100,
    min: 1,
    max: 1_000_000,
  }),
  failedAuthenticationsPerMinute: integer({
    variable: 'GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE',
    meaning:
      'Most requests per minute and address that are answered as lacking a valid key; further ones are asked to wait.',
    defaultValue: 10,
    min: 1,
    max: 100_000,
  }),
  rateBuckets: integer({
    variable: 'GLAMBDAR_RATE_BUCKETS',
    meaning: 'Most keys and addresses whose rates are remembered, for each limit.',
    defaultValue: 10_000,
    min: 100,
    max: 10_000_000,
  }),
  loggedDenialsPerMinute: integer({
    variable: 'GLAMBDAR_LOGGED_DENIALS_PER_MINUTE',
    meaning:
      'Most denied requests logged per minute, counted separately for callers without a valid key or known host and for keys without the scope. One address or key may use its share of them (GLAMBDAR_KEY_SHARE_PERCENT).',
    defaultValue: 60,
    min: 1,
    max: 100_000,
  }),
  auditedDenialsPerHour: integer({
    variable: 'GLAMBDAR_AUDITED_DENIALS_PER_HOUR',
    meaning:
      'Most denied requests entered into the audit log per hour, counted in the same way; they replace its oldest entries.',
    defaultValue: 60,
    min: 1,
    max: 100_000,
  }),
  auditEntries: integer({
    variable: 'GLAMBDAR_AUDIT_ENTRIES',
    meaning: 'Entries kept in the audit log; older ones are deleted.',
    defaultValue: 100_000,
    min: 100,
    max: 100_000_000,
  }),
  lockTimeoutMs: integer({
    variable: 'GLAMBDAR_ACCESS_LOCK_TIMEOUT_MS',
    meaning:
      'Longest wait while another program writes keys or the audit log, in milliseconds; calls wait too.',
    defaultValue: 2000,
    min: 0,
    max: 60_000,
  }),
});

export type AuthSettings = SettingsOf<typeof authSettings>;
