/**
 * Runs inside a container in the worker's place, takes what it can get of what a container's memory limit may not count,
 * and prints as JSON how much it got.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { openSync } from 'node:fs';
import { connect, createServer } from 'node:net';

const connections = 64;
const block = Buffer.alloc(16_384);

/** Bytes that the kernel holds of connections to itself that nobody reads, both ways together, for each of them. */
async function socketBytes() {
  const ends = [];
  const keep = (socket) => ends.push(socket.on('error', () => undefined).pause());
  const server = createServer(keep).listen(0, '127.0.0.1');
  await once(server, 'listening');
  for (let count = 0; count < connections; count += 1) {
    const socket = connect(server.address().port, '127.0.0.1');
    keep(socket);
    await once(socket, 'connect');
  }
  const held = () => ends.reduce((sum, end) => sum + end.bytesWritten - end.writableLength, 0);
  // Full when nothing more was taken for so many rounds; to give up too soon only finds less.
  for (let before = -1, still = 0; still < 10;) {
    for (const end of ends) if (end.writableLength === 0) end.write(block);
    await new Promise((resolve) => setTimeout(resolve, 20));
    still = held() > before ? 0 : still + 1;
    before = Math.max(before, held());
  }
  for (const end of ends) end.destroy();
  server.close();
  return held() / connections;
}

/** How a process's opening of files ends, and after how many. */
const opening = `let open = 0; let code; try { for (;;) { require('node:fs').openSync('/dev/null'); open += 1; } } catch (error) { ({ code } = error); }
process.stdout.write(JSON.stringify({ open, code }));`;

async function openFilesOfAChild() {
  let text = '';
  const child = spawn(process.execPath, ['-e', opening]);
  child.stdout.on('data', (part) => (text += part));
  await once(child, 'close');
  return JSON.parse(text);
}

function ownOpenFiles() {
  let open = 0;
  try {
    for (;;) {
      openSync('/dev/null');
      open += 1;
    }
  } catch ({ code }) {
    return { open, code };
  }
}

const bytes = await socketBytes();
const ofChildren = [await openFilesOfAChild(), await openFilesOfAChild()];
process.stdout.write(
  `${JSON.stringify({ socketBytes: bytes, openFiles: [...ofChildren, ownOpenFiles()] })}\n`,
);
setInterval(() => undefined, 60_000);
