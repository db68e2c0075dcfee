import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import type { RunningContainer } from '../../container/launched-container.js';
import { OutputTail } from '../../container/output-tail.js';
import { encodeFrame, FrameDecoder } from '../../ipc/protocol/frame.js';
import { maxWorkerJsonBytes } from '../../ipc/protocol/limits.js';
import { type HostMessage, protocolVersion, type WorkerMessage } from '../../ipc/protocol/messages.js';
import { socketFile } from '../../ipc/peer-endpoint.js';
import type { WorkerEndpoint } from '../../ipc/worker-dialect.js';

/** What the scripted function answers, whatever it is asked. */
export const scriptedAnswer = '"rehearsed"';

/** More than the host sends here in one message. */
const limits = { maxJsonBytes: maxWorkerJsonBytes, maxBodyBytes: 1024 };

const answer = {
  type: 'result',
  statusCode: 200,
  headers: { 'content-type': 'application/json; charset=utf-8' },
} as const;

/** In the place of a worker: speaks its protocol over the real socket from inside this process, and runs no function. */
export class ScriptedContainer implements RunningContainer {
  readonly name = 'rehearsal';
  readonly state = 'started';
  readonly output = new OutputTail(0);
  readonly ended: Promise<void>;
  private readonly socket: Socket;
  private readonly decoder = new FrameDecoder(limits);

  constructor({ directory, token }: WorkerEndpoint) {
    this.socket = connect(join(directory, socketFile));
    this.ended = new Promise((resolve) => {
      this.socket.once('close', () => {
        resolve();
      });
    });
    // 'close' follows every error and is enough.
    this.socket.on('error', () => undefined);
    this.socket.on('data', (chunk: Buffer) => {
      this.receive(chunk);
    });
    this.say({ type: 'hello', protocolVersion, token });
  }

  onOutput(): void {
    // It prints nothing.
  }

  exit() {
    return Promise.resolve({ exitCode: 0, outOfMemory: false });
  }

  cpuTimeMs(): Promise<number> {
    return Promise.resolve(0);
  }

  usage() {
    return Promise.resolve({ memoryPeakBytes: 0, cpuTimeMs: 0 });
  }

  hasRunOutOfMemory(): Promise<boolean> {
    return Promise.resolve(false);
  }

  isCrowded(): Promise<boolean> {
    return Promise.resolve(false);
  }

  retire(): Promise<void> {
    return this.remove();
  }

  remove(): Promise<void> {
    this.socket.destroy();
    return this.ended;
  }

  private receive(chunk: Buffer): void {
    this.decoder.push(chunk);
    for (let frame = this.decoder.next(); frame; frame = this.decoder.next())
      this.answer(JSON.parse(frame.json.toString()) as HostMessage);
  }

  private answer(message: HostMessage): void {
    if (message.type === 'invoke') {
      this.say({ ...answer, invocationId: message.invocationId }, Buffer.from(scriptedAnswer));
    }
    if (message.type !== 'credit') this.say({ type: 'ready' });
  }

  private say(message: WorkerMessage, body?: Buffer): void {
    for (const part of encodeFrame(JSON.stringify(message), body)) this.socket.write(part);
  }
}
