import { isIP } from 'node:net';
import { integer, type Setting } from '../common/settings/setting.js';
import { settingsGroup, type SettingsOf } from '../common/settings/settings-group.js';
import { rangesOf } from './address-policy.js';

export const egressSettings = settingsGroup('egress', {
  connections: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECTIONS',
    meaning: 'Most connections that one container may have open to the outside.',
    defaultValue: 64,
    min: 1,
    max: 1024,
  }),
  serverConnections: integer({
    variable: 'GLAMBDAR_EGRESS_SERVER_CONNECTIONS',
    meaning:
      'Most connections to the outside that all containers together may have open, including those being made and names being looked up; one function has its share of them.',
    defaultValue: 1024,
    min: 1,
    max: 65_536,
  }),
  connectionsPerSecond: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND',
    meaning:
      'Most connections and names that one container may ask for in a second; more are refused, and after a flood nobody listens until the second is over.',
    defaultValue: 100,
    min: 1,
    max: 10_000,
  }),
  serverConnectionsPerSecond: integer({
    variable: 'GLAMBDAR_EGRESS_SERVER_CONNECTIONS_PER_SECOND',
    meaning:
      'Most connections and names that all containers together may ask for in a second; one function has its share of them, and more are refused.',
    defaultValue: 1000,
    min: 1,
    max: 100_000,
  }),
  serverMibPerSecond: integer({
    variable: 'GLAMBDAR_EGRESS_SERVER_MIB_PER_SECOND',
    meaning:
      'Most that all connections to the outside together may carry in a second, both ways, in MiB; each chunk counts as 8 KiB or more. One function has its share of it, and more has to wait.',
    defaultValue: 256,
    min: 1,
    max: 100_000,
  }),
  connectTimeoutMs: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECT_TIMEOUT_MS',
    meaning: 'Longest time for a connection to the outside to be made, its name looked up, in milliseconds.',
    defaultValue: 10_000,
    min: 100,
    max: 120_000,
  }),
  idleTimeoutSeconds: integer({
    variable: 'GLAMBDAR_EGRESS_IDLE_TIMEOUT_SECONDS',
    meaning: 'Longest time that a connection to the outside may carry nothing before it is cut, in seconds.',
    defaultValue: 300,
    min: 1,
    max: 86_400,
  }),
  ageSeconds: integer({
    variable: 'GLAMBDAR_EGRESS_AGE_SECONDS',
    meaning: 'Longest time that a connection to the outside may last, in seconds.',
    defaultValue: 3600,
    min: 1,
    max: 604_800,
  }),
  connectionMiB: integer({
    variable: 'GLAMBDAR_EGRESS_CONNECTION_MIB',
    meaning: 'Most that one connection to the outside may carry, both ways together, in MiB.',
    defaultValue: 1024,
    min: 1,
    max: 1_048_576,
  }),
  allowedRanges: listOf(
    {
      variable: 'GLAMBDAR_EGRESS_ALLOWED_RANGES',
      meaning:
        'Private addresses that functions may reach when their setting `egress` names the host, as ranges separated by commas; without it public addresses only.',
      rule: 'ranges such as 10.1.0.0/16 or fd00::/8, separated by commas',
    },
    isRange,
  ),
  dnsServers: listOf(
    {
      variable: 'GLAMBDAR_EGRESS_DNS_SERVERS',
      meaning: "Name servers that functions use, as addresses separated by commas; without it the system's.",
      rule: 'addresses such as 10.0.0.2, 10.0.0.2:5353 or [fd00::2]:53, separated by commas',
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
