import net, { Socket } from 'node:net';
import {
  outsideDestination,
  type ConnectOptions,
  type Destination,
  type LoopbackHosts,
} from './destination.js';
import { explainLoopback } from './egress-error.js';

/** Private members of Node's sockets that a connection made elsewhere needs; `adoptConnection` says for what. */
export interface SocketInternals {
  _handle: unknown;
  _parent?: unknown;
  _undestroy(): void;
  _unrefTimer(): void;
  connecting: boolean;
}

export type OpenableSocket = Socket & SocketInternals;

/** Connects the socket, which counts as connecting, to its destination; or destroys it with an error. */
export type ConnectOutside = (
  socket: OpenableSocket,
  destination: Destination,
  options: ConnectOptions,
) => void;

type Normalized = [ConnectOptions, (() => void) | null];

const normalizeArguments = Reflect.get(net, '_normalizeArgs') as (args: readonly unknown[]) => Normalized;

/**
 * Every TCP and TLS connection of a Node program starts in this one method: those of `net`, `tls`, `http` and `fetch`, of
 * drivers and agents. Connections within the container, and Unix sockets, work as always.
 */
export function patchConnect(connectOutside: ConnectOutside, loopback: LoopbackHosts = {}): void {
  const connectInside = Reflect.get(Socket.prototype, 'connect') as (
    this: Socket,
    ...args: unknown[]
  ) => Socket;
  const connect = function (this: OpenableSocket, ...args: unknown[]): Socket {
    const [first] = args;
    const [options, onConnect] = Array.isArray(first) ? (first as Normalized) : normalizeArguments(args);
    const destination = this._parent ? undefined : outsideDestination(options, loopback);
    if (!destination) {
      explainLoopback(this, options);
      return connectInside.apply(this, args);
    }
    if (onConnect) this.once('connect', onConnect);
    // As Node does first: a socket that was closed may be connected again.
    if (!this._handle || this.destroyed) {
      this._handle = null;
      this._undestroy();
    }
    this._unrefTimer();
    this.connecting = true;
    connectOutside(this, destination, options);
    return this;
  };
  Object.assign(Socket.prototype, { connect });
}
