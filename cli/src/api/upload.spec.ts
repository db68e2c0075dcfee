import { once } from 'node:events';
import { createServer, type AddressInfo, type Socket } from 'node:net';
import { Readable } from 'node:stream';
import { problem, ScriptedServer } from '../../test/support/scripted-server.js';
import { Server } from './server.js';
import { upload } from './upload.js';

const interruption = () => new AbortController();

/** An archive of so many bytes. */
function archiveOf(bytes: number, chunkBytes = 64 * 1024) {
  function* chunks() {
    for (let sent = 0; sent < bytes; sent += chunkBytes)
      yield Buffer.alloc(Math.min(chunkBytes, bytes - sent), 'z');
  }
  return {
    bytes,
    read: () => Readable.from(chunks()),
  };
}

interface Given {
  readonly signal?: AbortSignal;
  readonly onProgress?: (sentBytes: number) => void;
}

const ignored = () => undefined;

function send(
  url: string,
  bytes: number,
  { signal = interruption().signal, onProgress = ignored }: Given = {},
) {
  const server = new Server({ url, key: 'k', chosenBy: 'a spec' }, signal);
  const fields = { settings: '{"isolation":"warm"}' };
  return upload(
    server,
    { path: '/deploy/hello', fields, archive: archiveOf(bytes) },
    { signal, onProgress, onSent: () => undefined },
  );
}

/** A server of raw bytes. */
async function rawServer(onConnection: (socket: Socket) => void) {
  const sockets: Socket[] = [];
  const server = createServer((socket) => {
    sockets.push(socket);
    socket.on('error', () => undefined);
    onConnection(socket);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await once(server, 'close');
  };
  return { url: `http://127.0.0.1:${port}`, close };
}

describe('an upload', () => {
  it('is a form of known length with the fields, the archive and the key, and says how far it is', async () => {
    const scripted = await ScriptedServer.start({ 'PUT /deploy/hello': { body: { version: 1 } } });
    const progress: number[] = [];
    try {
      const answer = await send(scripted.url, 150_000, { onProgress: (sent) => progress.push(sent) });
      expect(answer).toEqual({ version: 1 });
    } finally {
      await scripted.stop();
    }
    const [{ headers, body }] = scripted.seen as [(typeof scripted.seen)[0]];
    expect(headers).toMatchObject({ 'x-glambdar-key': 'k', 'content-length': String(body.length) });
    expect(headers['content-type']).toMatch(/^multipart\/form-data; boundary=.{1,70}$/);
    expect(body).toContain('name="settings"\r\n\r\n{"isolation":"warm"}\r\n');
    expect(body).toContain(
      `filename="function.zip"\r\nContent-Type: application/zip\r\n\r\n${'z'.repeat(150_000)}\r\n--`,
    );
    expect(progress).toEqual([65_536, 131_072, 150_000]);
  });

  it('is refused in the words of the server', async () => {
    const scripted = await ScriptedServer.start({
      'PUT /deploy/hello': problem(401, 'UNAUTHENTICATED', 'Send a key.'),
    });
    try {
      await expect(send(scripted.url, 10)).rejects.toMatchObject({ exitCode: 4, message: 'Send a key.' });
    } finally {
      await scripted.stop();
    }
  });

  it('ends when the server answers before all is sent', async () => {
    const body = JSON.stringify({ detail: 'The archive is too large.', code: 'ARCHIVE_TOO_LARGE' });
    // It answers at once and reads no further; what the client has sent by then fills the buffers of the connection.
    const raw = await rawServer((socket) => {
      socket.once('data', () => {
        socket.pause();
        socket.write(
          `HTTP/1.1 413 Payload Too Large\r\ncontent-type: application/problem+json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
        );
      });
    });
    try {
      await expect(send(raw.url, 1024 ** 3)).rejects.toMatchObject({
        status: 413,
        message: 'The archive is too large.',
      });
    } finally {
      await raw.close();
    }
  });

  it('says that a broken connection leaves it open what was published', async () => {
    const raw = await rawServer((socket) => {
      socket.once('data', () => socket.resetAndDestroy());
    });
    try {
      await expect(send(raw.url, 1024 ** 3)).rejects.toMatchObject({
        exitCode: 3,
        message: expect.stringContaining('broke during the upload') as string,
        hint: expect.stringContaining('Deploying again is safe') as string,
      });
    } finally {
      await raw.close();
    }
  });

  it('says that nothing answers', async () => {
    const raw = await rawServer(() => undefined);
    await raw.close();
    await expect(send(raw.url, 10)).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('Nothing answers at') as string,
    });
  });

  it('ends at Ctrl-C', async () => {
    const controller = interruption();
    const raw = await rawServer((socket) => {
      socket.once('data', () => {
        controller.abort();
      });
    });
    try {
      await expect(send(raw.url, 10, { signal: controller.signal })).rejects.toMatchObject({
        name: 'Interrupted',
      });
    } finally {
      await raw.close();
    }
  });
});
