/**
 * One kept HTTP/1.1 connection, one request at a time. Reads of an answer only what a measurement needs, so that the
 * generator takes little of the machine that it measures.
 */
import net from 'node:net';

export interface Answer {
  readonly status: number;
  /** Status line and headers. */
  readonly head: string;
  /** Each byte one character. */
  readonly body: string;
}
interface Pending {
  resolve: (answer: Answer) => void;
  reject: (error: Error) => void;
}

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';
const STATUS_AT = 'HTTP/1.1 '.length;

export class Connection {
  #received = '';
  #pending: Pending | undefined;
  #socket: net.Socket;

  constructor(socket: net.Socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => {
      this.#onData(chunk);
    });
    socket.on('error', (error) => {
      this.#fail(error);
    });
    socket.on('close', () => {
      this.#fail(new Error('The server closed the connection.'));
    });
  }

  /** @param port on this machine */
  static open(port: number): Promise<Connection> {
    return new Promise((resolve, reject) => {
      const socket = net.connect({ host: '127.0.0.1', port });
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.off('error', reject);
        resolve(new Connection(socket));
      });
    });
  }

  get isOpen() {
    return this.#socket.writable;
  }

  /**
   * @param request as `postRequest` writes it
   * @returns rejects when the connection ends first
   */
  exchange(request: string): Promise<Answer> {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  #onData(chunk: Buffer) {
    this.#received += chunk.toString('latin1');
    const answer = parseAnswer(this.#received);
    if (answer === undefined) return;
    this.#received = '';
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(answer);
  }

  #fail(error: Error) {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(error);
  }
}

/** @returns undefined while it is incomplete */
export function parseAnswer(received: string): Answer | undefined {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = received.slice(0, headEnd);
  const body = received.slice(headEnd + HEAD_END.length);
  if (!isComplete(head, body)) return undefined;
  return { status: Number(head.slice(STATUS_AT, STATUS_AT + 3)), head, body };
}

function isComplete(head: string, body: string) {
  const length = /^content-length: *(\d+)/im.exec(head);
  if (length !== null) return body.length >= Number(length[1]);
  return !/^transfer-encoding: *chunked/im.test(head) || body.endsWith(LAST_CHUNK);
}

/** @param body ASCII */
export function postRequest(path: string, body: string, headers: Readonly<Record<string, string>> = {}) {
  const more = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\n${more.join('')}content-length: ${body.length}\r\n\r\n${body}`;
}

export function getRequest(path: string) {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
}
