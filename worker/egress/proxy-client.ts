import { Socket } from 'node:net';
import {
  encodeEgressRequest,
  maxEgressAnswerBytes,
  maxRecordsAnswerBytes,
  parseEgressAnswer,
  type EgressRequest,
} from '../../src/ipc/protocol/egress.js';
import { egressError, recordsSubject, type Subject } from './egress-error.js';

/** A connection to the egress proxy that has got what it asked for. */
export interface Granted {
  readonly socket: Socket;
  /** After `connect` and `resolve`. */
  readonly addresses: readonly string[];
  /** After `query`. */
  readonly records: unknown;
  /** What came right after the answer. */
  readonly rest: Buffer;
}

export interface AnswerListener {
  onGranted(granted: Granted): void;
  onRefused(error: Error): void;
}

/** Node's own method, whatever it is replaced with later. */
const connectInside = Reflect.get(Socket.prototype, 'connect') as (
  this: Socket,
  options: { readonly path: string },
) => Socket;

/** Asks the proxy once, on a connection of its own; returns what ends it. One of the listener's methods is called, once. */
export function askProxy(gatePath: string, request: EgressRequest, listener: AnswerListener): () => void {
  const socket = new Socket();
  let received = Buffer.alloc(0);
  const fail = (error: Error) => {
    socket
      .removeAllListeners()
      .on('error', () => undefined)
      .destroy();
    listener.onRefused(error);
  };
  socket.on('error', () => {
    fail(notListening(request));
  });
  socket.on('close', () => {
    fail(notListening(request));
  });
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    const end = received.indexOf('\n');
    if (end < 0 && received.length < longestAnswer(request)) return;
    const answer = end < 0 ? undefined : parseEgressAnswer(received.toString('latin1', 0, end));
    if (!answer || answer.kind === 'no') {
      fail(answer ? egressError(answer.code, answer.sentence, subjectOf(request)) : notListening(request));
      return;
    }
    socket.removeAllListeners();
    const addresses = answer.kind === 'ok' ? answer.addresses : [];
    const records = answer.kind === 'records' ? answer.records : undefined;
    listener.onGranted({ socket, addresses, records, rest: received.subarray(end + 1) });
  });
  connectInside.call(socket, { path: gatePath });
  socket.write(encodeEgressRequest(request));
  return () => {
    socket
      .removeAllListeners()
      .on('error', () => undefined)
      .destroy();
  };
}

function longestAnswer({ kind }: EgressRequest): number {
  return kind === 'query' ? maxRecordsAnswerBytes : maxEgressAnswerBytes;
}

function subjectOf(request: EgressRequest): Subject {
  switch (request.kind) {
    case 'connect':
      return { syscall: 'connect', host: request.host, port: request.port };
    case 'resolve':
      return { syscall: 'getaddrinfo', host: request.host };
    case 'query':
      return recordsSubject(request.type, request.host);
    default:
      return request satisfies never;
  }
}

/** Everything else is answered; only a container that asks far too often finds nobody listening. */
function notListening(request: EgressRequest): Error {
  const sentence =
    'The server does not listen for the rest of a second in which a container asks for far more connections and ' +
    'names than GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND allows; try again in a second.';
  return egressError('EGRESS_LIMIT', sentence, subjectOf(request));
}
