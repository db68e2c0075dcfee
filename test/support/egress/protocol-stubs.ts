import type { Socket } from 'node:net';

const lengthBytes = 4;

/** PostgreSQL's protocol, version 3, as far as one client with one simple query needs it: every answer is `one: 1`. */
export function answerPostgres(socket: Socket): void {
  let received = Buffer.alloc(0);
  let isStarted = false;
  socket.on('error', () => undefined);
  socket.on('data', (chunk: Buffer) => {
    received = Buffer.concat([received, chunk]);
    // The first message has no type; all others begin with a letter.
    for (;;) {
      const typeBytes = isStarted ? 1 : 0;
      if (received.length < typeBytes + lengthBytes) return;
      const size = typeBytes + received.readUInt32BE(typeBytes);
      if (received.length < size) return;
      const type = isStarted ? String.fromCharCode(received[0] ?? 0) : 'start';
      received = received.subarray(size);
      isStarted = true;
      if (type === 'start') socket.write(Buffer.concat([message('R', int32(0)), ready]));
      if (type === 'Q') socket.write(oneRow);
      if (type === 'X') socket.end();
    }
  });
}

function int16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeInt16BE(value);
  return bytes;
}

function int32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeInt32BE(value);
  return bytes;
}

function message(type: string, ...parts: readonly Buffer[]): Buffer {
  const body = Buffer.concat(parts);
  return Buffer.concat([Buffer.from(type), int32(body.length + lengthBytes), body]);
}

const ready = message('Z', Buffer.from('I'));
const int4Type = 23;
const column = [Buffer.from('one\0'), int32(0), int16(0), int32(int4Type), int16(4), int32(-1), int16(0)];
const oneRow = Buffer.concat([
  message('T', int16(1), ...column),
  message('D', int16(1), int32(1), Buffer.from('1')),
  message('C', Buffer.from('SELECT 1\0')),
  ready,
]);

/** Redis's protocol for commands that arrive whole: keeps what `SET` gives it. */
export function answerRedis(socket: Socket): void {
  const kept = new Map<string, string>();
  socket.on('error', () => undefined);
  socket.setEncoding('latin1');
  socket.on('data', (text: string) => {
    for (const command of text.split(/(?=\*\d+\r\n)/)) {
      const words = [...command.matchAll(/\$\d+\r\n([^\r]*)\r\n/g)].map(([, word = '']) => word);
      socket.write(redisAnswer(words, kept));
    }
  });
}

function redisAnswer(
  [name = '', key = '', value = '']: readonly string[],
  kept: Map<string, string>,
): string {
  const bulk = (text: string) => `$${text.length}\r\n${text}\r\n`;
  switch (name.toLowerCase()) {
    case 'info':
      return bulk('redis_version:7.0.0\r\nloading:0\r\n');
    case 'set':
      kept.set(key, value);
      return '+OK\r\n';
    case 'get':
      return bulk(kept.get(key) ?? '');
    default:
      return '+OK\r\n';
  }
}
