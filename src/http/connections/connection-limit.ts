import type { EventEmitter } from 'node:events';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { lastAnswerEvent } from '../../common/connection/last-answer.js';

/** What a response is told when nothing of its connection is waited for any more but the client. */
export const answeredEvent = Symbol('answered');

/** Most requests of one connection that wait for their answers: each is worked on at once, and its answer kept in turn. */
const unansweredRequests = 64;

interface Connection {
  /** Requests that it has to answer. */
  unanswered: number;
  /** The answer to the request that came last. */
  newest: ServerResponse | undefined;
  /** Whether no request may come behind that one. */
  isLast: boolean;
}

/**
 * Bounds the connections of a server. Where they are all in use the one goes that has longest had no request to answer:
 * unused, or without the end of its headers, or answered and lingering. So connections that are only held open, by
 * whomever, keep nobody out; only requests that are being answered do, and they have limits of their own.
 */
export class ConnectionLimit {
  private readonly connections = new Map<Socket, Connection>();
  /** Those with no request to answer, the longest waiting first. */
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
    // Those behind it have been read already, and still come.
    if (socket.destroyed) return false;
    const connection = this.connections.get(socket);
    if (!connection || connection.isLast || connection.unanswered === unansweredRequests) {
      socket.destroy();
      return false;
    }
    connection.unanswered += 1;
    connection.newest = response;
    this.waiting.delete(socket);
    let isOver = false;
    const onOver = () => {
      if (isOver) return;
      isOver = true;
      this.over(socket, connection);
    };
    response.once('close', onOver).once(answeredEvent, onOver);
    return true;
  }

  private opened(socket: Socket): void {
    const connection: Connection = { unanswered: 0, newest: undefined, isLast: false };
    this.connections.set(socket, connection);
    (socket as EventEmitter).on(lastAnswerEvent, (response: ServerResponse) => {
      connection.isLast = true;
      if (connection.newest !== response) socket.destroy();
    });
    socket.once('close', () => {
      this.connections.delete(socket);
      this.waiting.delete(socket);
    });
    if (this.connections.size > this.limit) {
      const [longest = socket] = this.waiting;
      longest.destroy();
    }
    if (!socket.destroyed) this.waiting.add(socket);
  }

  private over(socket: Socket, connection: Connection): void {
    connection.unanswered -= 1;
    // One that has closed meanwhile is known no more.
    if (connection.unanswered === 0 && this.connections.has(socket)) this.waiting.add(socket);
  }
}
