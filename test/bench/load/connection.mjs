/**
 * One kept HTTP/1.1 connection, one request at a time. Reads of an answer only what a measurement needs, so that the
 * generator takes little of the machine that it measures.
 */
import net from 'node:net';

/**
 * @typedef {object} Answer
 * @property {number} status
 * @property {string} head status line and headers
 * @property {string} body each byte one character
 *
 * @typedef {{ resolve: (answer: Answer) => void, reject: (error: Error) => void }} Pending
 */

const HEAD_END = '\r\n\r\n';
const LAST_CHUNK = '0\r\n\r\n';
const STATUS_AT = 'HTTP/1.1 '.length;

export class Connection {
  #received = '';
  /** @type {Pending | undefined} */
  #pending;
  /** @type {net.Socket} */
  #socket;

  /** @param {net.Socket} socket */
  constructor(socket) {
    this.#socket = socket;
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.#onData(chunk));
    socket.on('error', (error) => this.#fail(error));
    socket.on('close', () => this.#fail(new Error('The server closed the connection.')));
  }

  /**
   * @param {number} port on this machine
   * @returns {Promise<Connection>}
   */
  static open(port) {
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
   * @param {string} request as `postRequest` writes it
   * @returns {Promise<Answer>} rejects when the connection ends first
   */
  exchange(request) {
    return new Promise((resolve, reject) => {
      this.#pending = { resolve, reject };
      this.#socket.write(request);
    });
  }

  close() {
    this.#socket.destroy();
  }

  /** @param {Buffer} chunk */
  #onData(chunk) {
    this.#received += chunk.toString('latin1');
    const answer = parseAnswer(this.#received);
    if (answer === undefined) return;
    this.#received = '';
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.resolve(answer);
  }

  /** @param {Error} error */
  #fail(error) {
    const pending = this.#pending;
    this.#pending = undefined;
    pending?.reject(error);
  }
}

/**
 * @param {string} received
 * @returns {Answer | undefined} undefined while it is incomplete
 */
export function parseAnswer(received) {
  const headEnd = received.indexOf(HEAD_END);
  if (headEnd < 0) return undefined;
  const head = received.slice(0, headEnd);
  const body = received.slice(headEnd + HEAD_END.length);
  if (!isComplete(head, body)) return undefined;
  return { status: Number(head.slice(STATUS_AT, STATUS_AT + 3)), head, body };
}

/** @param {string} head @param {string} body */
function isComplete(head, body) {
  const length = /^content-length: *(\d+)/im.exec(head);
  if (length !== null) return body.length >= Number(length[1]);
  return !/^transfer-encoding: *chunked/im.test(head) || body.endsWith(LAST_CHUNK);
}

/**
 * @param {string} path
 * @param {string} body ASCII
 */
export function postRequest(path, body) {
  return `POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`;
}

/** @param {string} path */
export function getRequest(path) {
  return `GET ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\n\r\n`;
}
