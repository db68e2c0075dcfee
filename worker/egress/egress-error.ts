import { isIP, type Socket } from 'node:net';
import { type EgressCode, ownerOf, type RecordType } from '../../src/ipc/protocol/egress.js';
import type { ConnectOptions } from './destination.js';

/** What the error is about, as in Node's own errors. */
export interface Subject {
  /** `connect`, `getaddrinfo`, or as c-ares has it: `querySrv`. */
  readonly syscall: string;
  readonly host: string;
  readonly port?: number;
}

/** An error like Node's own for failed connections and lookups, with the host's sentence as its message. */
export function egressError(code: EgressCode, sentence: string, { syscall, host, port }: Subject): Error {
  const about = syscall === 'connect' ? { address: host, port } : { hostname: host };
  return Object.assign(new Error(`${code}: ${sentence}`), { code, syscall, ...about });
}

/** The query for records as Node's `dns` names it in its errors. */
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

/** For a function with an empty allow-list that wants to connect. */
export function notAllowedError(subject: Subject): Error {
  const { host, port } = subject;
  const destination = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const sentence = `The function may not connect to ${destination}: its setting egress is empty. Add "${destination}" to it to allow it.`;
  return egressError('EGRESS_REFUSED', sentence, subject);
}

/**
 * A program that looks for a database at `localhost` finds its own container, where nothing listens: the error says so.
 * It does not listen for errors, because then one that nobody else listens for would not end the process.
 */
export function explainLoopback(socket: Socket, { port, path }: ConnectOptions): void {
  if (path !== undefined && path !== null) return;
  Object.defineProperty(socket, 'destroy', {
    configurable: true,
    writable: true,
    value(this: Socket, error?: NodeJS.ErrnoException) {
      Reflect.deleteProperty(socket, 'destroy');
      if (error?.code === 'ECONNREFUSED') explain(error, String(port));
      return this.destroy(error);
    },
  });
}

function explain(error: Error, port: string): void {
  const { message, stack = '' } = error;
  // Node's own is empty when it has tried several addresses.
  const before = message === '' ? 'connect ECONNREFUSED' : message;
  error.message =
    `${before}: nothing listens there in the function's own container; ` +
    `to reach the server's machine, add "127.0.0.1:${port}" to the setting egress.`;
  error.stack = stack.replace(message, () => error.message);
}
