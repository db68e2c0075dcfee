import { connect } from 'node:net';

/** The status of the answer to these bytes, 0 where the connection ends without one; what follows is not read. */
export function statusOf(port: number, bytes: Buffer): Promise<number> {
  return new Promise((resolve, reject) => {
    let received = '';
    const socket = connect(port, '127.0.0.1', () => {
      socket.write(bytes);
    });
    socket.on('data', (chunk) => {
      received += chunk.toString('latin1');
      const [, status] = /(?:^|\r\n\r\n)HTTP\/1\.1 ([2-5]\d\d) /.exec(received) ?? [];
      if (status === undefined) return;
      resolve(Number(status));
      socket.destroy();
    });
    socket.on('error', reject);
    socket.on('close', () => {
      resolve(0);
    });
  });
}
