import { once } from 'node:events';
import { connect, type Socket } from 'node:net';

export interface RawResponse {
  readonly status: number;
  /** Lower-case names; a repeated header is a list, joined with a line break. */
  readonly headers: ReadonlyMap<string, string>;
  readonly body: string;
}

const answerTimeoutMs = 120_000;

/**
 * One connection, and a reader of HTTP/1.1 that forgives nothing: a length that is wrong by one byte makes the next
 * answer on the connection unreadable, which is just what a client behind a proxy would suffer.
 */
export class RawConnection {
  private buffered = Buffer.alloc(0);
  private isOver = false;
  private failure: Error | undefined;
  private wake: () => void = () => undefined;

  private constructor(private readonly socket: Socket) {
    socket.on('data', (chunk: Buffer) => {
      this.buffered = Buffer.concat([this.buffered, chunk]);
      this.wake();
    });
    socket.on('error', (error) => (this.failure = error));
    socket.on('close', () => {
      this.isOver = true;
      this.wake();
    });
  }

  static async open(port: number, host = '127.0.0.1'): Promise<RawConnection> {
    const socket = connect({ port, host, noDelay: true });
    const connection = new RawConnection(socket);
    await once(socket, 'connect');
    return connection;
  }

  get isClosed(): boolean {
    return this.isOver;
  }

  write(bytes: string | Buffer): void {
    this.socket.write(bytes);
  }

  halfClose(): void {
    this.socket.end();
  }

  destroy(): void {
    this.isOver = true;
    this.socket.destroy();
  }

  /** Bytes that came and that no response claimed. */
  get unclaimed(): string {
    return this.buffered.toString('latin1');
  }

  /** The next response; undefined when the connection ends first. Rejects on bytes that are none. */
  async response(): Promise<RawResponse | undefined> {
    const head = await this.headOf();
    if (head === undefined) return undefined;
    const [statusLine = '', ...lines] = head.split('\r\n');
    const status = Number(/^HTTP\/1\.1 (\d{3}) [ -~]*$/.exec(statusLine)?.[1] ?? Number.NaN);
    if (Number.isNaN(status)) throw new Error(`Out of step: ${JSON.stringify(statusLine)}`);
    const headers = headersOf(lines);
    const body = await this.bodyOf(status, headers);
    if (headers.get('connection') === 'close') this.destroy();
    return { status, headers, body };
  }

  /** The next response's status and the body that it declares. */
  async statusAndRest(): Promise<{ readonly status: number; readonly rest: string } | undefined> {
    const head = await this.headOf();
    if (head === undefined) return undefined;
    const status = Number(/^HTTP\/1\.1 (\d{3}) /.exec(head)?.[1]);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    while (this.buffered.length < length && (await this.more()));
    return { status, rest: this.unclaimed };
  }

  /** Everything that comes until the server closes the connection; rejects when the connection breaks. */
  async rest(): Promise<string> {
    while (await this.more());
    if (this.failure) throw this.failure;
    return this.unclaimed;
  }

  /** The status of the next response that is no interim one; 0 when the connection is closed without, rejects when it breaks. */
  async finalStatus(): Promise<number> {
    for (;;) {
      const [, status] = /(?:^|\r\n\r\n)HTTP\/1\.1 ([2-5]\d\d) /.exec(this.unclaimed) ?? [];
      if (status !== undefined) return Number(status);
      if (await this.more()) continue;
      if (this.failure) throw this.failure;
      return 0;
    }
  }

  private async headOf(): Promise<string | undefined> {
    for (;;) {
      const end = this.buffered.indexOf('\r\n\r\n');
      if (end >= 0) return this.take(end + 4).slice(0, -4);
      if (this.buffered.length > 70_000) throw new Error('Out of step: headers without end.');
      if (!(await this.more())) return undefined;
    }
  }

  private async bodyOf(status: number, headers: ReadonlyMap<string, string>): Promise<string> {
    if (headers.has('transfer-encoding')) throw new Error('An answer came in chunks.');
    const declared = headers.get('content-length');
    if (status === 204 || status === 304) return '';
    if (declared === undefined || !/^\d+$/.test(declared))
      throw new Error(`A length of ${String(declared)}.`);
    while (this.buffered.length < Number(declared)) {
      if (!(await this.more())) throw new Error('The connection ended in the middle of an answer.');
    }
    return this.take(Number(declared));
  }

  private take(bytes: number): string {
    const taken = this.buffered.subarray(0, bytes).toString('latin1');
    this.buffered = this.buffered.subarray(bytes);
    return taken;
  }

  /** False when nothing more can come. */
  private async more(): Promise<boolean> {
    if (this.isOver) return false;
    const before = this.buffered.length;
    let timer: NodeJS.Timeout | undefined;
    await new Promise<void>((resolve, reject) => {
      this.wake = resolve;
      timer = setTimeout(() => {
        reject(new Error('No answer came.'));
      }, answerTimeoutMs);
    }).finally(() => {
      clearTimeout(timer);
    });
    return this.buffered.length > before || !this.isOver;
  }
}

function headersOf(lines: readonly string[]): ReadonlyMap<string, string> {
  const headers = new Map<string, string>();
  for (const line of lines) {
    const [, name = '', value = ''] = /^([!#$%&'*+.^_`|~0-9A-Za-z-]+): ?(.*)$/.exec(line) ?? [];
    if (name === '') throw new Error(`Out of step: ${JSON.stringify(line)}`);
    const earlier = headers.get(name.toLowerCase());
    if (earlier !== undefined && name.toLowerCase() === 'content-length') throw new Error('Two lengths.');
    headers.set(name.toLowerCase(), earlier === undefined ? value : `${earlier}\n${value}`);
  }
  return headers;
}

/** A request with a length of its own. */
export function rawRequest(method: string, path: string, body = '', headers: readonly string[] = []): string {
  const lines = [
    `${method} ${path} HTTP/1.1`,
    'Host: 127.0.0.1',
    ...headers,
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  return `${lines.join('\r\n')}\r\n\r\n${body}`;
}

/** Sends bytes as they are and gives everything that came back until the server closed the connection. */
export async function exchangeRaw(port: number, bytes: string | Buffer, host?: string): Promise<string> {
  const connection = await RawConnection.open(port, host);
  connection.write(bytes);
  return connection.rest();
}

/** The status of the answer to these bytes, 0 where the connection ends without one; what follows is not read. */
export async function statusOf(port: number, bytes: Buffer): Promise<number> {
  const connection = await RawConnection.open(port);
  try {
    connection.write(bytes);
    return await connection.finalStatus();
  } finally {
    connection.destroy();
  }
}
