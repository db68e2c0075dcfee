import type { EgressCode } from '../../src/ipc/protocol/egress.js';

/** What the error is about, as Node's own errors say it. */
export interface Subject {
  readonly syscall: 'connect' | 'getaddrinfo';
  readonly host: string;
  readonly port?: number;
}

/** An error as Node's own of failed connections and lookups, with the host's sentence as its message. */
export function egressError(code: EgressCode, sentence: string, { syscall, host, port }: Subject): Error {
  const about = syscall === 'connect' ? { address: host, port } : { hostname: host };
  return Object.assign(new Error(`${code}: ${sentence}`), { code, syscall, ...about });
}

/** Where a function with an empty allow-list wants to go. */
export function nowhereError(subject: Subject): Error {
  const { host, port } = subject;
  const destination = port === undefined ? host : `${host.includes(':') ? `[${host}]` : host}:${port}`;
  const sentence = `The function may not connect to ${destination}: its setting egress is empty. Add "${destination}" to it to allow it.`;
  return egressError('EGRESS_REFUSED', sentence, subject);
}
