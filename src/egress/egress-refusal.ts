import type { EgressCode, RecordType } from '../ipc/protocol/egress.js';

/** The limits that refuse, as metrics name them. */
export const egressLimits = [
  'container',
  'function',
  'server',
  'container-rate',
  'function-rate',
  'silence',
  'records',
] as const;

export type EgressLimit = (typeof egressLimits)[number];

/** Something outside that a function does not get; the message is a sentence for the function's author. */
export class EgressRefusal extends Error {
  override readonly name = 'EgressRefusal';

  constructor(
    readonly code: EgressCode,
    message: string,
    readonly limit?: EgressLimit,
  ) {
    super(message);
  }
}

/** `host:port` as rules are written. */
export function destinationText(host: string, port: number | undefined): string {
  const written = host.includes(':') ? `[${host}]` : host;
  return port === undefined ? written : `${written}:${port}`;
}

/** By the codes of Node's own `dns`; the name servers are the server's, whatever the function has set. */
const recordsSentence = {
  ENOTFOUND: "The server's name servers know no such name, so there are no",
  ENODATA: "The server's name servers know the name, but no",
  ESERVFAIL: "The server's name servers failed to find the",
  ETIMEOUT: "The server's name servers did not answer in time about the",
} as const satisfies Partial<Record<EgressCode, string>>;

export type RecordsCode = keyof typeof recordsSentence;

export function isRecordsCode(code: string): code is RecordsCode {
  return code in recordsSentence;
}

export const refusals = {
  invalid: () =>
    new EgressRefusal('EGRESS_INVALID', 'A connection names one host, in ASCII, and a port from 1 to 65535.'),

  longRequest: (limitBytes: number, limitChunks: number) =>
    new EgressRefusal(
      'EGRESS_INVALID',
      `A request for a connection is one line of at most ${limitBytes} bytes, sent in at most ${limitChunks} ` +
        "chunks; a host's name has at most 253 characters.",
    ),

  silence: (limitMs: number) =>
    new EgressRefusal(
      'EGRESS_LIMIT',
      `The connection sent no request within ${limitMs} ms; send it with the connection.`,
      'silence',
    ),

  notAllowed: (host: string, port: number | undefined, sentence?: string) => {
    const destination = destinationText(host, port);
    return new EgressRefusal(
      'EGRESS_REFUSED',
      sentence ??
        `The function may not connect to ${destination}: add "${destination}" to its setting egress to allow it.`,
    );
  },

  records: (type: RecordType, name: string, owner: string) =>
    new EgressRefusal(
      'EGRESS_REFUSED',
      `The function may not look up ${type} records of ${name}: add "${owner}" to its setting egress to allow it.`,
    ),

  longRecords: (type: RecordType, name: string, limitBytes: number) =>
    new EgressRefusal(
      'EGRESS_LIMIT',
      `The ${type} records of ${name} are longer than ${limitBytes} bytes, and are not passed on.`,
      'records',
    ),

  noRecords: (code: RecordsCode, type: RecordType, name: string) =>
    new EgressRefusal(code, `${recordsSentence[code]} ${type} records of ${name}.`),

  address: (host: string) =>
    new EgressRefusal(
      'EGRESS_ADDRESS_REFUSED',
      `${host} is at no public address. If you run the server, GLAMBDAR_EGRESS_ALLOWED_RANGES allows private addresses ` +
        'to functions that name the host in their setting egress.',
    ),

  connections: (limit: number) =>
    new EgressRefusal(
      'EGRESS_LIMIT',
      `The container has ${limit} connections open, as many as GLAMBDAR_EGRESS_CONNECTIONS allows; end one first.`,
      'container',
    ),

  connectionsOfFunction: (limit: number) =>
    new EgressRefusal(
      'EGRESS_LIMIT',
      `The function's containers have ${limit} connections open, all of its share (GLAMBDAR_FUNCTION_SHARE_PERCENT) of ` +
        'GLAMBDAR_EGRESS_SERVER_CONNECTIONS; end one first.',
      'function',
    ),

  connectionsOfServer: (limit: number) =>
    new EgressRefusal(
      'EGRESS_LIMIT',
      `The functions of this server have ${limit} connections open, as many as GLAMBDAR_EGRESS_SERVER_CONNECTIONS ` +
        'allows; try again later.',
      'server',
    ),

  rate: (limit: number) =>
    new EgressRefusal(
      'EGRESS_LIMIT',
      `The container asked for more than ${limit} connections and names within a second, the limit of ` +
        'GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND; try again in a second.',
      'container-rate',
    ),

  rateOfFunction: (limit: number) =>
    new EgressRefusal(
      'EGRESS_LIMIT',
      `The function's containers ask for more connections and names than its share (GLAMBDAR_FUNCTION_SHARE_PERCENT) of ` +
        `GLAMBDAR_EGRESS_SERVER_CONNECTIONS_PER_SECOND, at most ${limit} in a second; try again in a second.`,
      'function-rate',
    ),

  timeout: (limitMs: number) =>
    new EgressRefusal(
      'ETIMEDOUT',
      `There was no connection within ${limitMs} ms (GLAMBDAR_EGRESS_CONNECT_TIMEOUT_MS).`,
    ),

  unknownName: (host: string) => new EgressRefusal('ENOTFOUND', `There is no address for ${host}.`),

  noAnswerAboutName: (host: string) =>
    new EgressRefusal('EAI_AGAIN', `The name servers did not answer about ${host}; try again shortly.`),

  fault: () => new EgressRefusal('EAI_AGAIN', 'The connection could not be made; try again shortly.'),

  connecting: (code: EgressCode, host: string, port: number) =>
    new EgressRefusal(code, `${destinationText(host, port)} could not be reached.`),
};
