import { isIP } from 'node:net';
import { integer, type Setting, settingsGroup, type SettingsOf } from '../common/settings/settings.js';
import { rangesOf } from './address-policy.js';

export const egressSettings = settingsGroup('egress', {
  connections: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECTIONS',
    meaning: 'Most open outbound connections of one container.',
    defaultValue: 64,
    min: 1,
    max: 1024,
  }),
  serverConnections: integer({
    variable: 'GLAMBDAR_EGRESS_SERVER_CONNECTIONS',
    meaning:
      'Most open outbound connections of all containers together, including those being opened and names being looked up; one function may use its share of them.',
    defaultValue: 1024,
    min: 1,
    max: 65_536,
  }),
  connectionsPerSecond: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND',
    meaning:
      'Most connections and names that one container may ask for per second. More are refused, and during a flood nothing is accepted until the second is over.',
    defaultValue: 100,
    min: 1,
    max: 10_000,
  }),
  serverConnectionsPerSecond: integer({
    variable: 'GLAMBDAR_EGRESS_SERVER_CONNECTIONS_PER_SECOND',
    meaning:
      'Most connections and names that all containers together may ask for per second. One function may use its share of them; more are refused.',
    defaultValue: 1000,
    min: 1,
    max: 100_000,
  }),
  serverMibPerSecond: integer({
    variable: 'GLAMBDAR_EGRESS_SERVER_MIB_PER_SECOND',
    meaning:
      'Most data on all outbound connections together per second, in both directions, in MiB; each chunk counts as at least 8 KiB. One function may use its share of it; more has to wait.',
    defaultValue: 256,
    min: 1,
    max: 100_000,
  }),
  connectTimeoutMs: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECT_TIMEOUT_MS',
    meaning:
      'Longest time to open an outbound connection, including the lookup of its name, in milliseconds.',
    defaultValue: 10_000,
    min: 100,
    max: 120_000,
  }),
  idleTimeoutSeconds: integer({
    variable: 'GLAMBDAR_EGRESS_IDLE_TIMEOUT_SECONDS',
    meaning: 'An outbound connection that carries nothing for this long is closed, in seconds.',
    defaultValue: 300,
    min: 1,
    max: 86_400,
  }),
  ageSeconds: integer({
    variable: 'GLAMBDAR_EGRESS_AGE_SECONDS',
    meaning: 'Longest life of an outbound connection, in seconds.',
    defaultValue: 3600,
    min: 1,
    max: 604_800,
  }),
  connectionMiB: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECTION_MIB',
    meaning: 'Most data on one outbound connection, both directions together, in MiB.',
    defaultValue: 1024,
    min: 1,
    max: 1_048_576,
  }),
  allowedRanges: listOf(
    {
      variable: 'GLAMBDAR_EGRESS_ALLOWED_RANGES',
      meaning:
        'Private addresses that functions may reach if their setting `egress` names the host, as ranges separated by commas; if empty, only public addresses.',
      rule: 'ranges such as 10.1.0.0/16 or fd00::/8, with commas between them',
    },
    isRange,
  ),
  dnsServers: listOf(
    {
      variable: 'GLAMBDAR_EGRESS_DNS_SERVERS',
      meaning:
        "Name servers for functions' lookups, as addresses separated by commas; if empty, the system's.",
      rule: 'addresses such as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53, with commas between them',
    },
    isServer,
  ),
});

export type EgressSettings = SettingsOf<typeof egressSettings>;

/** The entries of a setting that is a list. */
export function entriesOf(list: string): string[] {
  return list === '' ? [] : list.split(',').map((entry) => entry.trim());
}

function listOf(
  described: Pick<Setting<string>, 'variable' | 'meaning' | 'rule'>,
  isEntry: (entry: string) => boolean,
): Setting<string> {
  return {
    ...described,
    defaultValue: '',
    parse: (text) => (entriesOf(text).every(isEntry) ? text : undefined),
  };
}

function isRange(entry: string): boolean {
  try {
    rangesOf([entry]);
    return true;
  } catch {
    return false;
  }
}

function isServer(entry: string): boolean {
  const [, bracketed, plain = '', port] = /^(?:\[([^[\]]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/.exec(entry) ?? [];
  return isIP(bracketed ?? plain) === (bracketed === undefined ? 4 : 6) && Number(port ?? 53) <= 65_535;
}
