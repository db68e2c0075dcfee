import { createSocket, type Socket } from 'node:dgram';

const headerBytes = 12;
const typeA = 1;

/**
 * A name server on this machine that knows one domain: every name in it has the given addresses, one answer after the
 * other and the last one from then on; every other name does not exist.
 */
export class TestDns {
  private constructor(
    private readonly socket: Socket,
    private readonly answers: Map<string, readonly string[]>,
  ) {}

  static async start(names: Readonly<Record<string, readonly string[]>>): Promise<TestDns> {
    const socket = createSocket('udp4');
    const dns = new TestDns(socket, new Map(Object.entries(names)));
    socket.on('message', (query, { port, address }) => {
      socket.send(dns.answer(query), port, address);
    });
    await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', resolve));
    return dns;
  }

  /** As `GLAMBDAR_EGRESS_DNS_SERVERS` takes it. */
  get server(): string {
    return `127.0.0.1:${this.socket.address().port}`;
  }

  stop(): void {
    this.socket.close();
  }

  private answer(query: Buffer): Buffer {
    const { name, end } = questionOf(query);
    const type = query.readUInt16BE(end);
    const question = query.subarray(headerBytes, end + 4);
    const [address, ...later] = this.answers.get(name) ?? [];
    const isKnown = address !== undefined;
    const isAnswered = isKnown && type === typeA;
    if (isAnswered && later.length > 0) this.answers.set(name, later);
    const header = Buffer.from(query.subarray(0, headerBytes));
    header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(isAnswered ? 1 : 0, 6);
    header.writeUInt32BE(0, 8);
    return Buffer.concat([header, question, isAnswered ? recordOf(address) : Buffer.alloc(0)]);
  }
}

function questionOf(query: Buffer): { name: string; end: number } {
  const labels: string[] = [];
  let at = headerBytes;
  for (let length = query[at] ?? 0; length > 0; length = query[at] ?? 0) {
    labels.push(query.toString('latin1', at + 1, at + 1 + length));
    at += 1 + length;
  }
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** An A record of the question's name that nobody may keep. */
function recordOf(address: string): Buffer {
  return Buffer.from([
    0xc0,
    headerBytes,
    0,
    typeA,
    0,
    1,
    0,
    0,
    0,
    0,
    0,
    4,
    ...address.split('.').map(Number),
  ]);
}
