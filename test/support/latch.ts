import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { eventually } from './eventually.js';

/** What a server must be told so that its functions reach the latch, which listens on this machine. */
export const reachesLatch = { GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.1/32' };

/** Where calls wait in the middle of their handler until the test lets them go on, however fast the machine is. */
export class Latch {
  private readonly waiting = new Set<Socket>();
  private isOpen = false;

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      socket.on('error', () => socket.destroy()).on('close', () => this.waiting.delete(socket));
      if (this.isOpen) socket.end('go on');
      else this.waiting.add(socket);
    });
  }

  static async closed(): Promise<Latch> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Latch(server);
  }

  /** The function's setting `egress`. */
  get egress(): readonly string[] {
    return [`127.0.0.1:${this.port}`];
  }

  /** An expression of a handler: a promise that is kept when the latch opens. */
  get opened(): string {
    return `new Promise((resolve, reject) =>
      require('node:net').connect(${this.port}, '127.0.0.1').once('data', resolve).once('error', reject))`;
  }

  /** Resolves when so many calls wait. */
  async holds(calls: number): Promise<void> {
    await eventually(`${calls} calls that wait at the latch`, () => this.waiting.size >= calls);
  }

  /** Whoever waits goes on, and whoever comes later does not wait. */
  open(): void {
    this.isOpen = true;
    for (const socket of this.waiting) socket.end('go on');
  }

  /** For the end of a test: nobody waits any more, and the port is free. */
  async remove(): Promise<void> {
    this.open();
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.waiting) socket.destroy();
    await closed;
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
}
