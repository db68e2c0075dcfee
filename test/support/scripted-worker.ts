import { connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { encodeFrame, FrameDecoder } from '../../src/ipc/protocol/frame.js';
import { protocolVersion, type HostMessage, type WorkerMessage } from '../../src/ipc/protocol/messages.js';
import type { FakeContainer } from '../fakes/fake-container-engine.js';

/** What a function's worker does at a step: `exit` ends its process, `hang` says nothing more. */
export interface WorkerScript {
  readonly load?: 'ready' | 'ready-twice' | 'error' | 'exit' | 'hang';
  readonly invoke?: 'answer' | 'exit' | 'exceed-memory' | 'exceed-memory-unseen' | 'hang' | 'throw';
  /** Says `ready` after an answer, as a worker that may serve the next call does. */
  readonly asksForNext?: boolean;
  /** Its process goes on when its connection is closed. */
  readonly refusesToEnd?: boolean;
}

const failure = { errorType: 'Error', errorMessage: 'as told', stack: '' };

/** A peer that speaks the protocol over the real socket from inside the test; it runs no code of any function. */
export function runScriptedWorker(
  container: FakeContainer,
  scriptOf: (functionName: string) => WorkerScript,
): void {
  const socket = connect(join(container.runDirectory, 'socket'));
  const decoder = new FrameDecoder({ maxJsonBytes: 1e6, maxBodyBytes: 1e7 });
  let script: WorkerScript = {};
  say(socket, {
    type: 'hello',
    protocolVersion,
    token: container.spec.program.environment['GLAMBDAR_TOKEN'] ?? '',
  });
  socket.on('data', (chunk: Buffer) => {
    decoder.push(chunk);
    for (let frame = decoder.next(); frame; frame = decoder.next()) {
      const message = JSON.parse(frame.json.toString()) as HostMessage;
      if (message.type === 'load') script = scriptOf(message.functionName);
      react(message, { socket, container, script });
    }
  });
  // The container's process ends with its connection, and its connection with the process.
  socket.on('close', () => {
    if (script.refusesToEnd !== true) container.end({ exitCode: 0, outOfMemory: false });
  });
  socket.on('error', () => undefined);
  void container.ended().then(() => socket.destroy());
}

interface Stage {
  readonly socket: Socket;
  readonly container: FakeContainer;
  readonly script: WorkerScript;
}

function react(message: HostMessage, { socket, container, script }: Stage): void {
  if (message.type === 'load') {
    if (script.load === 'exit') container.end({ exitCode: 1, outOfMemory: false });
    else if (script.load === 'error') say(socket, { type: 'loadError', ...failure });
    else if (script.load === 'ready-twice') sayAtOnce(socket, [{ type: 'ready' }, { type: 'ready' }]);
    else if (script.load !== 'hang') say(socket, { type: 'ready' });
    return;
  }
  if (message.type === 'credit') return;
  const { invocationId } = message;
  if (script.invoke === 'exit') {
    container.print('stderr', 'last words\n');
    container.end({ exitCode: 1, outOfMemory: false });
    return;
  }
  if (script.invoke === 'exceed-memory' || script.invoke === 'exceed-memory-unseen') {
    // As an engine ends it that has not heard of the reason yet; the kernel's accounts may be gone with the container.
    container.memoryKills = script.invoke === 'exceed-memory' ? 1 : 'gone';
    container.end({ exitCode: 137, outOfMemory: false });
    return;
  }
  if (script.invoke === 'hang') return;
  if (script.invoke === 'throw') say(socket, { type: 'error', invocationId, kind: 'threw', ...failure });
  else if (message.presentation.kind === 'payload') say(socket, { type: 'value', invocationId });
  else say(socket, { type: 'result', invocationId, statusCode: 200, headers: {} });
  if (script.asksForNext ?? true) say(socket, { type: 'ready' });
}

function say(socket: Socket, message: WorkerMessage): void {
  for (const part of encodeFrame(JSON.stringify(message))) socket.write(part);
}

/** In one write, so that the host reads them in one piece. */
function sayAtOnce(socket: Socket, messages: readonly WorkerMessage[]): void {
  socket.write(Buffer.concat(messages.flatMap((message) => encodeFrame(JSON.stringify(message)))));
}
