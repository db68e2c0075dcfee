import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';

/** What a response is told when nothing of its connection is waited for any more but the client. */
export const answeredEvent = Symbol('answered');

/** Most requests of one connection that wait for their answers: each is worked on at once, and its answer kept in turn. */
const unansweredRequests = 64;

/**
 * Bounds the connections of a server. Where they are all in use the one goes that has longest had no request to answer:
 * unused, or without the end of its headers, or answered and lingering. So connections that are only held open, by
 * whomever, keep nobody out; only requests that are being answered do, and they have limits of their own.
 */
export class ConnectionLimit {
  /** Requests that each connection has to answer. */
  private readonly requests = new Map<Socket, number>();
  /** Those with none, the longest waiting first. */
  private readonly waiting = new Set<Socket>();

  constructor(private readonly limit: number) {}

  attachTo(server: Server): void {
    server.on('connection', (socket: Socket) => {
      this.opened(socket);
    });
  }

  /**
   * Counts a request among those to be answered. False where its connection goes instead, because too many wait on it:
   * a few kilobytes of requests, sent at once and for answers that nobody reads, would fill the memory.
   */
  begin({ socket }: IncomingMessage, response: ServerResponse): boolean {
    // Those behind it have been read already, and still come.
    if (socket.destroyed) return false;
    const requests = (this.requests.get(socket) ?? 0) + 1;
    if (requests > unansweredRequests) {
      socket.destroy();
      return false;
    }
    this.requests.set(socket, requests);
    this.waiting.delete(socket);
    let isOver = false;
    const onOver = () => {
      if (isOver) return;
      isOver = true;
      this.over(socket);
    };
    response.once('close', onOver).once(answeredEvent, onOver);
    return true;
  }

  private opened(socket: Socket): void {
    this.requests.set(socket, 0);
    socket.once('close', () => {
      this.requests.delete(socket);
      this.waiting.delete(socket);
    });
    if (this.requests.size > this.limit) {
      const [longest = socket] = this.waiting;
      longest.destroy();
    }
    if (!socket.destroyed) this.waiting.add(socket);
  }

  private over(socket: Socket): void {
    const left = (this.requests.get(socket) ?? 0) - 1;
    // One that has closed meanwhile is known no more.
    if (!this.requests.has(socket)) return;
    this.requests.set(socket, left);
    if (left === 0) this.waiting.add(socket);
  }
}
