/** The program inside a build's container: `main.js [socket path] [source directory] [work directory]`. */
import { dirname, join } from 'node:path';
import {
  buildProtocolVersion,
  buildSocketPath,
  buildSourcePath,
  buildWorkPath,
} from '../src/builds/protocol/messages.js';
import { egressSocketFile } from '../src/ipc/protocol/egress.js';
import { Build } from './build.js';
import { HostConnection } from './host-connection.js';

const [, , socketPath = buildSocketPath, source = buildSourcePath, work = buildWorkPath] = process.argv;

// The token is the builder's alone: what it starts does not get it.
const token = process.env['GLAMBDAR_TOKEN'] ?? '';
delete process.env['GLAMBDAR_TOKEN'];

async function main(): Promise<void> {
  const connection = await HostConnection.open(socketPath, () => {
    process.exit();
  });
  await connection.send({ type: 'hello', protocolVersion: buildProtocolVersion, token });
  const order = await connection.build;
  const place = { source, work, egressPath: join(dirname(socketPath), egressSocketFile) };
  await new Build(connection, place, order).run();
  await connection.end();
}

void main();
