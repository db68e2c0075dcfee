import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { lastResponseEvent } from '../../common/connection/last-response.js';

/** Most requests of one connection that wait for their responses: all are served at once, and sent in the order they came. */
const unansweredRequests = 64;

const connectionKey = Symbol('connection');
const isOverKey = Symbol('isOver');

/** What is known of a connection. It stands at its socket, where each request finds it without a search. */
interface Connection {
  readonly limit: ConnectionLimit;
  /** Requests that it has to answer. */
  requests: number;
  /** To the last of them. */
  lastResponse: ServerResponse | undefined;
  /** Whether no request may come behind that one. */
  isLast: boolean;
}

type KnownSocket = Socket & { [connectionKey]?: Connection };
type CountedResponse = ServerResponse & { [isOverKey]?: boolean };

/** The response to the last request that a connection has brought, while it is on its way. */
export function lastResponseOn(socket: Socket): ServerResponse | undefined {
  return (socket as KnownSocket)[connectionKey]?.lastResponse;
}

/** Nothing of this response is waited for any more but its client. */
export function markAnswered(response: ServerResponse): void {
  const counted = response as CountedResponse;
  if (counted[isOverKey] === true) return;
  counted[isOverKey] = true;
  const { socket } = response.req;
  (socket as KnownSocket)[connectionKey]?.limit.over(socket);
}

/** One function for all responses, because a call is served in less time than some functions take to be made. */
function onClose(this: ServerResponse): void {
  markAnswered(this);
  const connection = (this.req.socket as KnownSocket)[connectionKey];
  // An unused connection must not keep all that its last call has left alive.
  if (connection?.lastResponse === this) connection.lastResponse = undefined;
}

/**
 * Bounds the connections of a server. Where they are all in use the one goes that has longest had no request to answer:
 * unused, or without the end of its headers, or answered and lingering. So connections that are only held open, by
 * whomever, keep nobody out; only requests that are being answered do, and they have limits of their own.
 */
export class ConnectionLimit {
  private connections = 0;
  /** Those that have no request to answer, the longest waiting first. */
  private readonly waiting = new Set<Socket>();

  constructor(private readonly limit: number) {}

  attachTo(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.opened(socket);
    });
  }

  /**
   * Counts a request among those to be answered. False where its connection goes instead, because too many wait on it:
   * a few kilobytes of requests, sent at once and for answers that nobody reads, would fill the memory. So does one
   * behind an answer that is the last of its connection.
   */
  begin({ socket }: IncomingMessage, response: ServerResponse): boolean {
    const connection = (socket as KnownSocket)[connectionKey];
    // Those behind it have been read already, and still come.
    if (socket.destroyed || !connection) return false;
    if (connection.isLast || connection.requests === unansweredRequests) {
      socket.destroy();
      return false;
    }
    connection.requests += 1;
    connection.lastResponse = response;
    this.waiting.delete(socket);
    response.on('close', onClose);
    return true;
  }

  /** For `markAnswered`: one request of the connection less. */
  over(socket: Socket): void {
    const connection = (socket as KnownSocket)[connectionKey];
    if (!connection) return;
    connection.requests -= 1;
    if (connection.requests === 0 && !socket.destroyed) this.waiting.add(socket);
  }

  private opened(socket: Socket): void {
    const connection: Connection = { limit: this, requests: 0, lastResponse: undefined, isLast: false };
    (socket as KnownSocket)[connectionKey] = connection;
    this.connections += 1;
    (socket as EventEmitter).on(lastResponseEvent, (response: ServerResponse) => {
      connection.isLast = true;
      if (connection.lastResponse !== response) socket.destroy();
    });
    socket.once('close', () => {
      this.connections -= 1;
      this.waiting.delete(socket);
    });
    if (this.connections > this.limit) {
      const [longest = socket] = this.waiting;
      longest.destroy();
    }
    if (!socket.destroyed) this.waiting.add(socket);
  }
}
