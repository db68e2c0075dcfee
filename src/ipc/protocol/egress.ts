/**
 * The conversation over a container's second socket, by which its function reaches the outside; compiled into both
 * sides. docs/ipc-protocol.md is its prose. Each connection is one request and one answer, a line each; after `ok` to
 * `connect` the connection carries the bytes of the destination, both ways.
 *
 *   container                        host
 *   connect <host> <port> LF   ->
 *   resolve <host> LF          ->
 *   query <type> <name> LF     ->
 *                              <-    ok <address> [<address>...] LF
 *                              <-    records <JSON in ASCII> LF      (after `query`)
 *                              <-    no <code> <sentence> LF
 *
 * The function itself may write requests: the host treats every byte as hostile.
 */
export const egressSocketFile = 'egress';

/** Longest request, its end included: a name of 253 characters, a word and a port. */
export const maxEgressRequestBytes = 300;
/** Longest answer, its end included. */
export const maxEgressAnswerBytes = 2048;
/** The same after `query`: DNS records may be long. */
export const maxRecordsAnswerBytes = 32 * 1024;

/** The types of DNS records that a function may query. `PTR` takes an address or a name. */
export const recordTypes = [
  'A',
  'AAAA',
  'CAA',
  'CNAME',
  'MX',
  'NAPTR',
  'NS',
  'PTR',
  'SOA',
  'SRV',
  'TXT',
] as const;

export type RecordType = (typeof recordTypes)[number];

/** The host that records are about: `_mongodb._tcp.db.example` says something of `db.example` (RFC 8552). */
export function ownerOf(name: string): string {
  return name.replace(/^(?:_[^.]*\.)+/, '');
}

/** Why a destination cannot be reached: the function's `error.code`. The first four are Glambdar's. */
export const egressCodes = [
  'EGRESS_REFUSED',
  'EGRESS_ADDRESS_REFUSED',
  'EGRESS_LIMIT',
  'EGRESS_INVALID',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENODATA',
  'ESERVFAIL',
  'ETIMEOUT',
  'ECONNREFUSED',
  'ECONNRESET',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ETIMEDOUT',
] as const;

export type EgressCode = (typeof egressCodes)[number];

export type EgressRequest =
  | { readonly kind: 'connect'; readonly host: string; readonly port: number }
  | { readonly kind: 'resolve'; readonly host: string }
  | RecordsRequest;

export interface RecordsRequest {
  readonly kind: 'query';
  readonly type: RecordType;
  /** A name; for `PTR` an address, too. */
  readonly host: string;
}

export type EgressAnswer =
  | { readonly kind: 'ok'; readonly addresses: readonly string[] }
  | RecordsAnswer
  | { readonly kind: 'no'; readonly code: EgressCode; readonly sentence: string };

export interface RecordsAnswer {
  readonly kind: 'records';
  /** As Node's `dns` gives them: a list, of `SOA` one object. Addresses with their `ttl`. */
  readonly records: unknown;
}

const maxPort = 65_535;

export function encodeEgressRequest(request: EgressRequest): string {
  switch (request.kind) {
    case 'connect':
      return `connect ${request.host} ${request.port}\n`;
    case 'resolve':
      return `resolve ${request.host}\n`;
    case 'query':
      return `query ${request.type} ${request.host}\n`;
    default:
      return request satisfies never;
  }
}

/** A request without its end; undefined for anything that is none. The host's name is not judged here. */
export function parseEgressRequest(line: string): EgressRequest | undefined {
  const [word, first = '', second, ...more] = line.split(' ');
  if (!isPrintable(first) || more.length > 0) return undefined;
  if (word === 'resolve') return second === undefined ? { kind: 'resolve', host: first } : undefined;
  if (second === undefined || !isPrintable(second)) return undefined;
  if (word === 'connect') return connectRequest(first, second);
  const type = recordTypes.find((one) => one === first);
  return word === 'query' && type ? { kind: 'query', type, host: second } : undefined;
}

function connectRequest(host: string, port: string): EgressRequest | undefined {
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) <= maxPort;
  return isPort ? { kind: 'connect', host, port: Number(port) } : undefined;
}

function isPrintable(text: string): boolean {
  return /^[!-~]+$/.test(text);
}

export function encodeEgressAnswer(answer: EgressAnswer): string {
  switch (answer.kind) {
    case 'ok':
      return `ok ${answer.addresses.join(' ')}\n`;
    case 'records':
      return `records ${asciiJson(answer.records)}\n`;
    case 'no':
      return `no ${answer.code} ${answer.sentence}\n`;
    default:
      return answer satisfies never;
  }
}

/** Whoever wrote the records may have written anything: no character of theirs is a line's end, or longer than a byte. */
function asciiJson(value: unknown): string {
  return JSON.stringify(value).replace(
    /[^ -~]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/** An answer without its end. */
export function parseEgressAnswer(line: string): EgressAnswer | undefined {
  const [word, code = '', ...rest] = line.split(' ');
  if (word === 'ok') return { kind: 'ok', addresses: [code, ...rest] };
  if (word === 'records') return { kind: 'records', records: JSON.parse(line.slice('records '.length)) };
  const known = egressCodes.find((one) => one === code);
  return word === 'no' && known ? { kind: 'no', code: known, sentence: rest.join(' ') } : undefined;
}
