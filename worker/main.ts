/** The program inside the container: `main.js [socket path] [code directory]`. */
import { codePathInContainer, protocolVersion, socketPathInContainer } from '../src/ipc/protocol/messages.js';
import { dirname, join } from 'node:path';
import { egressSocketFile } from '../src/ipc/protocol/egress.js';
import type { Connection } from './call-handler.js';
import { connectToHost, type FrameWriter, type Receive } from './host-connection.js';
import { awslambda } from './lambda-streaming.js';
import { capturePrints } from './print-capture.js';
import { warmUpJit } from './jit-warm-up.js';
import { mapStacks } from './source-map/map-stacks.js';
import { Worker } from './worker.js';

const [, , socketPath = socketPathInContainer, codeDirectory = codePathInContainer] = process.argv;

// The token is the worker's alone: the function's environment starts without it.
const token = process.env['GLAMBDAR_TOKEN'] ?? '';
delete process.env['GLAMBDAR_TOKEN'];
const callWaits = process.env['GLAMBDAR_CALL_WAITS'] !== undefined;
delete process.env['GLAMBDAR_CALL_WAITS'];

Object.assign(globalThis, { awslambda });
mapStacks(codeDirectory);
// As in a process whose main program is an ES module: a function must not take this one for its own.
Reflect.set(process, 'mainModule', undefined);

function serve(writer: FrameWriter, connection: Connection): Receive {
  const worker = new Worker(writer, connection, codeDirectory, join(dirname(socketPath), egressSocketFile));
  process.on('uncaughtException', (error) => worker.crash(error));
  process.on('unhandledRejection', (reason) => worker.crash(reason));
  capturePrints(writer);
  writer.send({ type: 'hello', protocolVersion, token });
  return (message, body) => {
    worker.receive(message, body);
  };
}

// A rehearsal makes the first call faster by less than it takes itself.
void (callWaits ? Promise.resolve() : warmUpJit()).then(() => {
  connectToHost(socketPath, serve);
});
