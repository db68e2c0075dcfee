import { parseAddressSet } from '../common/network/address-set.js';
import { flag, integer } from '../common/settings/setting.js';
import { settingsGroup, type SettingsOf } from '../common/settings/settings-group.js';
import { allowedHostsRule, parseAllowedHosts } from './http/allowed-hosts.js';

export const authSettings = settingsGroup('access', {
  insecureNoAuth: flag({
    variable: 'GLAMBDAR_INSECURE_NO_AUTH',
    meaning:
      'Whether other machines may reach the server, directly or through a proxy, although no key exists; then whoever reaches it can do everything.',
    defaultValue: false,
  }),
  allowedHosts: {
    variable: 'GLAMBDAR_ALLOWED_HOSTS',
    meaning:
      'Host names, separated by commas, by which the server may be called besides those of this machine, such as the name under which a reverse proxy publishes it; their pages may call the server, at the ports of HTTP and HTTPS or at the one that is named. An entry with a scheme (`http://localhost:3000`) is the origin of pages only.',
    defaultValue: '',
    rule: allowedHostsRule,
    parse: (list: string) => (parseAllowedHosts(list) ? list : undefined),
  },
  trustedProxies: {
    variable: 'GLAMBDAR_TRUSTED_PROXIES',
    meaning:
      "Addresses and networks of reverse proxies, separated by commas; what they write into `X-Forwarded-For` is believed, so that limits and records are about the client's own address, and so are `X-Forwarded-Proto`, `-Host`, `-Port` and `-Prefix`, which functions see.",
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
      'Most requests per second, other than calls of functions, of one key; 0 for no limit. Without keys it holds for each address of another machine.',
    defaultValue: 20,
    min: 0,
    max: 100_000,
  }),
  managementBurst: integer({
    variable: 'GLAMBDAR_MANAGEMENT_BURST',
    meaning: 'How many such requests may come at once.',
    defaultValue: 40,
    min: 1,
    max: 100_000,
  }),
  invocationsPerSecond: integer({
    variable: 'GLAMBDAR_INVOCATIONS_PER_SECOND',
    meaning: 'The same for calls of functions; 0 for no limit.',
    defaultValue: 0,
    min: 0,
    max: 1_000_000,
  }),
  invocationBurst: integer({
    variable: 'GLAMBDAR_INVOCATION_BURST',
    meaning: 'How many calls may come at once where they are limited.',
    defaultValue: 100,
    min: 1,
    max: 1_000_000,
  }),
  failedAuthenticationsPerMinute: integer({
    variable: 'GLAMBDAR_FAILED_AUTHENTICATIONS_PER_MINUTE',
    meaning:
      'Most requests per minute without a valid key that one address is told so; further ones are told to wait.',
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
  loggedRefusalsPerMinute: integer({
    variable: 'GLAMBDAR_LOGGED_REFUSALS_PER_MINUTE',
    meaning:
      'Most requests turned away that the log tells of, per minute: so many of strangers, for want of a key or a known host, and so many of keys, for want of a scope. One address or key has its share of them (GLAMBDAR_KEY_SHARE_PERCENT).',
    defaultValue: 60,
    min: 1,
    max: 100_000,
  }),
  auditedRefusalsPerHour: integer({
    variable: 'GLAMBDAR_AUDITED_REFUSALS_PER_HOUR',
    meaning: 'The same for the audit trail, per hour; they take the place of its oldest entries.',
    defaultValue: 60,
    min: 1,
    max: 100_000,
  }),
  auditEntries: integer({
    variable: 'GLAMBDAR_AUDIT_ENTRIES',
    meaning: 'Entries of the audit trail that are kept; the oldest beyond them are forgotten.',
    defaultValue: 100_000,
    min: 100,
    max: 100_000_000,
  }),
  lockTimeoutMs: integer({
    variable: 'GLAMBDAR_ACCESS_LOCK_TIMEOUT_MS',
    meaning:
      'Longest wait while another program writes keys or the audit trail, in milliseconds; calls wait too.',
    defaultValue: 2000,
    min: 0,
    max: 60_000,
  }),
});

export type AuthSettings = SettingsOf<typeof authSettings>;
