import type { PeerChannel, Speech } from './peer-channel.js';

export interface Greeting {
  readonly protocolVersion: number;
  readonly token: string;
}

/** What a program in a container speaks over its socket: its messages, and what the host makes of them once it has greeted. */
export interface Dialect<Incoming, Outgoing, Session> extends Speech<Incoming> {
  readonly protocolVersion: number;
  /** Undefined for any other message. */
  greetingIn(message: Incoming): Greeting | undefined;
  converse(channel: PeerChannel<Incoming, Outgoing>): Session;
}
