import { randomBytes, timingSafeEqual } from 'node:crypto';
import { readdir, rm, rmdir, unlink } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { join } from 'node:path';
import type { ReadScheduler } from '../common/read-scheduler/read-scheduler.js';
import type { Clock } from '../common/time/clock.js';
import type { Dialect } from './dialect.js';
import { PeerChannel } from './peer-channel.js';
import { PeerError } from './session-phase.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';

const tokenBytes = 32;

/** Name of the socket in its endpoint's directory. */
export const socketFile = 'socket';

/** The socket of one container: it accepts one connection in its life and is removed as soon as it has it. */
export class PeerEndpoint<Incoming, Outgoing, Session> {
  /** What the worker must send in its `hello`: 256 random bits in hexadecimal. */
  readonly token = randomBytes(tokenBytes).toString('hex');
  /** Resolves at a valid `hello`; rejects with `PeerError` at anything else, and at `close`. */
  readonly session: Promise<Session>;
  private readonly connecting = Promise.withResolvers<Session>();
  private readonly server: Server;
  private channel: PeerChannel<Incoming, Outgoing> | undefined;
  private closing: Promise<void> | undefined;

  /** `directory` exists; it belongs to this endpoint and is removed with it. */
  constructor(
    readonly id: string,
    readonly directory: string,
    private readonly clock: Clock,
    private readonly dialect: Dialect<Incoming, Outgoing, Session>,
    private readonly frameTimeoutMs: number,
    private readonly readScheduler: ReadScheduler,
    private readonly onClosed: () => void,
  ) {
    this.session = this.connecting.promise;
    // A caller that gave up before the worker connected no longer listens.
    this.session.catch(() => undefined);
    // A socket that is held back takes nothing in, be it ever so little.
    this.server = createServer({ highWaterMark: 1 }, (socket) => {
      this.accept(socket);
    });
  }

  /** Resolves when a worker can connect. */
  async listen(): Promise<void> {
    const listening: PromiseWithResolvers<void> = Promise.withResolvers();
    this.server.once('error', listening.reject);
    // Inside a directory that only this server can reach, the worker's own unprivileged user must be able to connect.
    const path = join(this.directory, socketFile);
    this.server.listen({ path, readableAll: true, writableAll: true }, listening.resolve);
    await listening.promise;
    this.server.on('error', () => {
      this.connecting.reject(PeerError.gone('disconnected'));
    });
  }

  /** Ends the session and removes socket and directory. May be called again, even after a failure. */
  close(): Promise<void> {
    this.closing ??= this.dispose().catch((error: unknown) => {
      this.closing = undefined;
      throw error;
    });
    return this.closing;
  }

  private async dispose(): Promise<void> {
    this.server.close();
    this.channel?.end(PeerError.gone('closed'));
    this.connecting.reject(PeerError.gone('closed'));
    await removeDirectory(this.directory);
    this.onClosed();
  }

  /**
   * Closing the server removes its socket and refuses any other peer before anything is sent to the first: the worker
   * connects before it runs any of the function's code.
   */
  private accept(socket: Socket): void {
    this.server.close();
    const { clock, dialect, frameTimeoutMs, readScheduler } = this;
    this.channel = new PeerChannel(socket, clock, dialect, frameTimeoutMs, readScheduler, {
      onMessage: (message) => {
        this.greet(message);
      },
      onEnd: (end) => {
        this.connecting.reject(end);
      },
    });
  }

  private greet(message: Incoming): void {
    const greeting = this.dialect.greetingIn(message);
    if (!greeting) throw new ProtocolViolation('wrong-phase', 'Another message came before hello.');
    if (greeting.protocolVersion !== this.dialect.protocolVersion) {
      throw new ProtocolViolation('wrong-version', `The peer speaks version ${greeting.protocolVersion}.`);
    }
    if (!this.channel || !isSameToken(greeting.token, this.token)) {
      throw new ProtocolViolation('wrong-token', 'The peer said a token that is not its own.');
    }
    this.connecting.resolve(this.dialect.converse(this.channel));
  }
}

/**
 * Most often it has a few files and an empty mount point. Their removal takes half as many steps as `rm` needs, which looks at each
 * before; `rm` does what is more than that.
 */
async function removeDirectory(directory: string): Promise<void> {
  try {
    const entries = await readdir(directory, { withFileTypes: true });
    await Promise.all(
      entries.map((entry) => {
        const path = join(directory, entry.name);
        return entry.isDirectory() ? rmdir(path) : unlink(path);
      }),
    );
    await rmdir(directory);
  } catch {
    await rm(directory, { recursive: true, force: true });
  }
}

function isSameToken(said: string, expected: string): boolean {
  const saidBytes = Buffer.from(said);
  const expectedBytes = Buffer.from(expected);
  return saidBytes.length === expectedBytes.length && timingSafeEqual(saidBytes, expectedBytes);
}
