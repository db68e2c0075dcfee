import type { Frame } from './protocol/frame.js';
import type { PeerChannel } from './peer-channel.js';

export interface Greeting {
  readonly protocolVersion: number;
  readonly token: string;
}

/** What a program in a container speaks over its socket: its messages, and what the host makes of them once it has greeted. */
export interface Dialect<Incoming, Outgoing, Session> {
  readonly protocolVersion: number;
  readonly maxJsonBytes: number;
  readonly maxBodyBytes: number;
  /** Throws `ProtocolViolation` for anything that is no message. */
  parse(frame: Frame): Incoming;
  /** Undefined for any other message. */
  greetingIn(message: Incoming): Greeting | undefined;
  converse(channel: PeerChannel<Incoming, Outgoing>): Session;
}
