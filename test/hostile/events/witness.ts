import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';

/** One run of a handler, as the handler itself told. */
export interface SeenRun {
  readonly eventId: string;
  readonly attempt: number;
  readonly path: string;
}

/**
 * Hears of every run from the handler itself, beyond what any server says or keeps: a killed server takes none of it along.
 * The order is that in which they began.
 */
export class Witness {
  readonly runs: SeenRun[] = [];
  private readonly open = new Set<Socket>();

  private constructor(private readonly server: Server) {
    server.on('connection', (socket: Socket) => {
      this.open.add(socket);
      socket.on('error', () => socket.destroy()).on('close', () => this.open.delete(socket));
      socket.setEncoding('utf8').on('data', (line: string) => {
        this.runs.push(JSON.parse(line) as SeenRun);
        socket.end('seen');
      });
    });
  }

  static async begin(): Promise<Witness> {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    return new Witness(server);
  }

  /** What a server must be told so that many runs a second reach the witness. */
  get serverSettings(): Readonly<Record<string, string>> {
    return {
      GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.1/32',
      GLAMBDAR_EGRESS_CONNECTIONS_PER_SECOND: '10000',
      GLAMBDAR_EGRESS_SERVER_CONNECTIONS_PER_SECOND: '10000',
    };
  }

  /** The function's setting `egress`. */
  get egress(): readonly string[] {
    return [`127.0.0.1:${this.port}`];
  }

  /** A handler that tells of its run; where the path ends in `fails`, its first attempt fails afterwards. */
  get handler(): string {
    return `const { connect } = require('node:net');
      const tell = (run) => new Promise((resolve, reject) => {
        const socket = connect(${this.port}, '127.0.0.1').once('data', resolve).once('error', reject);
        socket.once('close', () => reject(new Error('not heard'))).write(JSON.stringify(run));
      });
      exports.handler = async ({ rawPath, headers }) => {
        const attempt = Number(headers['x-glambdar-attempt']);
        await tell({ eventId: headers['x-glambdar-event-id'], attempt, path: rawPath });
        if (attempt === 1 && rawPath.endsWith('fails')) throw new Error('as it was asked');
        return attempt;
      };`;
  }

  async end(): Promise<void> {
    const closed = once(this.server, 'close');
    this.server.close();
    for (const socket of this.open) socket.destroy();
    await closed;
  }

  private get port(): number {
    return (this.server.address() as AddressInfo).port;
  }
}
