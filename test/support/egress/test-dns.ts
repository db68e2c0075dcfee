import { createSocket, type Socket } from 'node:dgram';

const headerBytes = 12;
const types = { A: 1, TXT: 16, SRV: 33 } as const;
type TypeName = keyof typeof types;

/** One record of the question's name: its type and its data as they go over the wire. */
export interface TestRecord {
  readonly type: TypeName;
  readonly data: Buffer;
}

export function srvRecord(port: number, target: string): TestRecord {
  const head = Buffer.alloc(6);
  head.writeUInt16BE(port, 4);
  return { type: 'SRV', data: Buffer.concat([head, wireName(target)]) };
}

export function txtRecord(...strings: readonly string[]): TestRecord {
  return { type: 'TXT', data: Buffer.concat(strings.map(wireString)) };
}

function wireName(name: string): Buffer {
  return Buffer.concat([...name.split('.').map(wireString), Buffer.alloc(1)]);
}

function wireString(text: string): Buffer {
  const bytes = Buffer.from(text);
  return Buffer.concat([Buffer.from([bytes.length]), bytes]);
}

/**
 * A name server on this machine that knows one domain: every name in it has the given addresses, one answer after the
 * other and the last one from then on, and the given records; every other name does not exist.
 */
export class TestDns {
  /** `TXT cluster.test`, as it was asked. */
  readonly asked: string[] = [];

  private constructor(
    private readonly socket: Socket,
    private readonly addresses: Map<string, readonly string[]>,
    private readonly records: Readonly<Record<string, readonly TestRecord[]>>,
  ) {}

  static async start(
    names: Readonly<Record<string, readonly string[]>>,
    records: Readonly<Record<string, readonly TestRecord[]>> = {},
  ): Promise<TestDns> {
    const socket = createSocket('udp4');
    const dns = new TestDns(socket, new Map(Object.entries(names)), records);
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
    const isKnown = this.addresses.has(name) || name in this.records;
    const typeName = Object.entries(types).find(([, number]) => number === type)?.[0];
    this.asked.push(`${typeName ?? type} ${name}`);
    const found = isKnown ? this.recordsOf(name).filter((record) => record.type === typeName) : [];
    if (typeName === 'A') this.nextAddress(name);
    const header = Buffer.from(query.subarray(0, headerBytes));
    header.writeUInt16BE(isKnown ? 0x8180 : 0x8183, 2);
    header.writeUInt16BE(found.length, 6);
    header.writeUInt32BE(0, 8);
    return Buffer.concat([header, question, ...found.map(wireRecord)]);
  }

  private recordsOf(name: string): TestRecord[] {
    const [address] = this.addresses.get(name) ?? [];
    const ofAddress: TestRecord[] =
      address === undefined ? [] : [{ type: 'A', data: Buffer.from(address.split('.').map(Number)) }];
    return [...ofAddress, ...(this.records[name] ?? [])];
  }

  private nextAddress(name: string): void {
    const [, ...later] = this.addresses.get(name) ?? [];
    if (later.length > 0) this.addresses.set(name, later);
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

/** A record of the question's name that nobody may keep. */
function wireRecord({ type, data }: TestRecord): Buffer {
  const head = Buffer.alloc(12);
  head.writeUInt16BE(0xc000 + headerBytes, 0);
  head.writeUInt16BE(types[type], 2);
  head.writeUInt16BE(1, 4);
  head.writeUInt16BE(data.length, 10);
  return Buffer.concat([head, data]);
}
