import { isIP } from 'node:net';
import { ownerOf, type EgressCode, type RecordType } from '../../src/ipc/protocol/egress.js';

/** What the error is about, as Node's own errors say it. */
export interface Subject {
  /** `connect`, `getaddrinfo`, or as c-ares has it: `querySrv`. */
  readonly syscall: string;
  readonly host: string;
  readonly port?: number;
}

/** An error as Node's own of failed connections and lookups, with the host's sentence as its message. */
export function egressError(code: EgressCode, sentence: string, { syscall, host, port }: Subject): Error {
  const about = syscall === 'connect' ? { address: host, port } : { hostname: host };
  return Object.assign(new Error(`${code}: ${sentence}`), { code, syscall, ...about });
}

/** What Node's `dns` names the question for records in its errors. */
export function recordsSubject(type: RecordType, host: string): Subject {
  const isAddress = type === 'PTR' && isIP(host) > 0;
  return {
    syscall: isAddress ? 'getHostByAddr' : `query${type.charAt(0)}${type.slice(1).toLowerCase()}`,
    host,
  };
}

/** For a function with an empty allow-list that asks for DNS records. */
export function noRecordsError(type: RecordType, host: string): Error {
  const sentence = `The function may not look up ${type} records of ${host}: its setting egress is empty. Add "${ownerOf(host)}" to it to allow it.`;
  return egressError('EGRESS_REFUSED', sentence, recordsSubject(type, host));
}

/** Where a function with an empty allow-list wants to go. */
export function nowhereError(subject: Subject): Error {
  const { host, port } = subject;
  const destination = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const sentence = `The function may not connect to ${destination}: its setting egress is empty. Add "${destination}" to it to allow it.`;
  return egressError('EGRESS_REFUSED', sentence, subject);
}
