import { readFile } from 'node:fs/promises';

const listening = '0A';

/**
 * How many connections to its port the server still has open, whatever the clients do with their sides: what it has
 * closed belongs to the kernel alone, and to no descriptor of a process. 0 where the system does not tell.
 */
export async function heldConnections(port: number): Promise<number> {
  const table = await readFile('/proc/net/tcp', 'latin1').catch(() => '');
  return table
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(/\s+/))
    .filter(([, local = '', , state, , , , , , inode = '0']) => {
      const isOfServer = Number.parseInt(local.split(':')[1] ?? '', 16) === port;
      return isOfServer && state !== listening && inode !== '0';
    }).length;
}
