import { connect, type Socket } from 'node:net';
import { encodeFrame, FrameDecoder } from '../src/ipc/protocol/frame.js';
import { maxHostBodyBytes, maxHostJsonBytes, maxLogBytes } from '../src/ipc/protocol/limits.js';
import {
  type HostMessage,
  levelOfStream,
  logJson,
  type LogLevel,
  type OutputStreamName,
  type WorkerMessage,
} from '../src/ipc/protocol/messages.js';
import type { Connection } from './call-handler.js';
import { exitProcess, monotonicMs, sleepSync, stringify, writeToDescriptor } from './primordials.js';

/** The socket's descriptor, which Node keeps to itself; `FrameWriter` says why it is needed. */
interface SocketWithHandle {
  readonly _handle: { readonly fd: number };
}

/** Receives the host's messages, one by one. */
export type Receive = (message: HostMessage, body: Buffer) => void;

/**
 * Connects to the host and hands over its messages one by one. The worker trusts the host, not the other way round. When
 * the host closes the socket the process ends: that is how a worker stops.
 */
export function connectToHost(
  socketPath: string,
  onConnected: (writer: FrameWriter, connection: Connection) => Receive,
): void {
  const socket = connect(socketPath);
  const stop = () => {
    exitProcess(0);
  };
  socket.on('error', stop);
  socket.on('end', stop);
  socket.on('close', stop);
  socket.on('connect', () => {
    const onMessage = onConnected(new FrameWriter(descriptorOf(socket)), socket);
    const decoder = new FrameDecoder({ maxJsonBytes: maxHostJsonBytes, maxBodyBytes: maxHostBodyBytes });
    socket.on('data', (chunk: Buffer) => {
      decoder.push(chunk);
      for (let frame = decoder.next(); frame; frame = decoder.next()) {
        onMessage(JSON.parse(frame.json.toString('utf8')) as HostMessage, frame.body);
      }
    });
  });
}

function descriptorOf(socket: Socket): number {
  return (socket as unknown as SocketWithHandle)._handle.fd;
}

/** The host always reads; if it has not for this long it is gone, and with it the reason to run. */
const hostGoneAfterMs = 30_000;
/** Waits between attempts while the socket's buffer is full: short ones for a host that is about to read, then longer. */
const shortestWaitMs = 0.05;
const longestWaitMs = 5;

const timer = new Int32Array(new SharedArrayBuffer(4));

/**
 * Writes frames synchronously, past Node's stream. So frames keep their order, a frame is never left half-written
 * while the function computes, and what was printed before `process.exit` or a crash is not lost.
 */
export class FrameWriter {
  private readonly descriptor: number;

  constructor(descriptor: number) {
    this.descriptor = descriptor;
  }

  send(message: WorkerMessage, body?: Uint8Array): void {
    this.sendJson(stringify(message), body);
  }

  sendJson(json: string, body?: Uint8Array): void {
    for (const part of encodeFrame(json, body)) this.writeAll(part);
  }

  log(stream: OutputStreamName, bytes: Uint8Array, level: LogLevel = levelOfStream[stream]): void {
    const json = logJson[stream][level];
    for (let start = 0; start < bytes.length; start += maxLogBytes) {
      this.sendJson(json, bytes.subarray(start, start + maxLogBytes));
    }
  }

  private writeAll(bytes: Uint8Array): void {
    let written = this.tryWrite(bytes, 0);
    let waitMs = shortestWaitMs;
    let blockedSinceMs: number | undefined;
    while (written < bytes.length) {
      const count = this.tryWrite(bytes, written);
      written += count;
      if (count > 0) {
        waitMs = shortestWaitMs;
        blockedSinceMs = undefined;
        continue;
      }
      blockedSinceMs ??= monotonicMs();
      if (monotonicMs() - blockedSinceMs > hostGoneAfterMs) exitProcess(1);
      sleepSync(timer, waitMs);
      waitMs = Math.min(waitMs * 2, longestWaitMs);
    }
  }

  /** Bytes taken; 0 while the socket's buffer is full. */
  private tryWrite(bytes: Uint8Array, from: number): number {
    try {
      return writeToDescriptor(this.descriptor, bytes, from);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === 'EAGAIN') return 0;
      // The host closed the socket: nobody waits for this process any more.
      return exitProcess(0);
    }
  }
}
