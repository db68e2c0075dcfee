import { networkFileSystemOf } from './found-directory.js';

const mountInfo = [
  '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
  '30 22 0:40 / /home rw,relatime shared:2 master:1 - nfs4 server:/home rw',
  '31 30 8:2 / /home/local rw - xfs /dev/sdb1 rw',
  '32 22 0:41 / /mnt/my\\040share rw - cifs //server/share rw',
  '33 22 0:42 / /mnt/remote rw - fuse.sshfs user@host: rw',
  '34 22 0:43 / /mnt/image rw - fuse.squashfuse image rw',
  '',
].join('\n');

describe('networkFileSystemOf', () => {
  it.each([
    ['/home/ann/glambdar', 'nfs4'],
    ['/mnt/my share/glambdar', 'cifs'],
    ['/mnt/remote', 'fuse.sshfs'],
  ])('names the one under %s', (directory, type) => {
    expect(networkFileSystemOf(directory, mountInfo)).toBe(type);
  });

  it.each(['/var/lib/glambdar', '/home/local/glambdar', '/homes/ann', '/mnt/image/x'])(
    'lets %s pass',
    (directory) => {
      expect(networkFileSystemOf(directory, mountInfo)).toBeUndefined();
    },
  );

  it('believes the later of two mounts on one point', () => {
    const covered = `${mountInfo}\n40 22 8:3 / /home rw - ext4 /dev/sdc1 rw`;
    expect(networkFileSystemOf('/home/ann', covered)).toBeUndefined();
  });

  it('knows nothing where the system tells nothing', () => {
    expect(networkFileSystemOf('/home/ann', '')).toBeUndefined();
  });
});
