import os from 'node:os';

const loopback = [
  {
    address: '127.0.0.1',
    netmask: '255.0.0.0',
    family: 'IPv4',
    mac: '00:00:00:00:00:00',
    internal: true,
    cidr: '127.0.0.1/8',
  },
] as const;

/**
 * What `os.networkInterfaces()` answers: the one card that every container has. Node would ask the kernel over a netlink
 * socket, and what waits in one is memory that no limit of a container counts, so there are none.
 */
export function nameOwnCards(): void {
  const networkInterfaces = () => ({ lo: loopback.map((address) => ({ ...address })) });
  Object.assign(os, { networkInterfaces });
}
