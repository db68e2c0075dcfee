import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cgroupHierarchies, removeCgroups } from './cgroup-directories.js';

const line = (point: string, type: string, options = 'rw') =>
  `30 23 0:26 / ${point} rw,nosuid,nodev,noexec,relatime shared:4 - ${type} cgroup ${options}`;

const disk = '22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw';
const v1 = ['systemd', 'memory', 'cpu,cpuacct', 'pids'].map((name) => `/sys/fs/cgroup/${name}`);

const mountsOf = (lines: readonly string[]) => `${[disk, ...lines].join('\n')}\n`;

describe('where control groups are', () => {
  it('is a place for each controller in version 1', () => {
    const mounts = mountsOf(v1.map((point) => line(point, 'cgroup')));
    expect(cgroupHierarchies(mounts)).toEqual(v1);
  });

  it('is one place in version 2', () => {
    expect(cgroupHierarchies(mountsOf([line('/sys/fs/cgroup', 'cgroup2')]))).toEqual(['/sys/fs/cgroup']);
  });

  it('is in version 1 where both are mounted', () => {
    const both = [line('/sys/fs/cgroup/unified', 'cgroup2'), ...v1.map((point) => line(point, 'cgroup'))];
    expect(cgroupHierarchies(mountsOf(both))).toEqual(v1);
  });

  it('is in version 2 where a program has mounted a hierarchy of version 1 in it for itself', () => {
    const mounts = mountsOf([
      line('/sys/fs/cgroup', 'cgroup2'),
      line('/sys/fs/cgroup/net_cls', 'cgroup', 'rw,net_cls'),
    ]);
    expect(cgroupHierarchies(mounts)).toEqual(['/sys/fs/cgroup']);
  });

  it('is not where somebody else has mounted them for containers of theirs', () => {
    const theirs = [
      line('/var/lib/theirs/root/sys/fs/cgroup/memory', 'cgroup'),
      line('/sys/fs/cgroup-of-theirs', 'cgroup2'),
    ];
    expect(cgroupHierarchies(mountsOf([...theirs, line('/sys/fs/cgroup', 'cgroup2')]))).toEqual([
      '/sys/fs/cgroup',
    ]);
    expect(cgroupHierarchies(mountsOf(theirs))).toEqual([]);
  });

  it('is told once where one hierarchy is mounted over another', () => {
    const twice = [line('/sys/fs/cgroup', 'cgroup2'), line('/sys/fs/cgroup', 'cgroup2')];
    expect(cgroupHierarchies(mountsOf(twice))).toEqual(['/sys/fs/cgroup']);
  });

  it('is nowhere where nothing is mounted', () => {
    expect(cgroupHierarchies('')).toEqual([]);
  });
});

describe('the removal of control groups', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gl-cgroups-'));
  });
  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  it('takes the inner groups first, in each hierarchy, and misses none that is not there', async () => {
    const hierarchies = ['memory', 'pids', 'cpu'].map((name) => join(root, name));
    mkdirSync(join(root, 'memory/glambdar/i/c/container/deeper'), { recursive: true });
    mkdirSync(join(root, 'pids/glambdar/i/c'), { recursive: true });
    mkdirSync(join(root, 'pids/glambdar/i/other'));
    await removeCgroups(hierarchies, 'glambdar/i/c');
    const left = ['memory/glambdar/i/c', 'pids/glambdar/i/c', 'pids/glambdar/i/other'];
    expect(left.filter((path) => existsSync(join(root, path)))).toEqual(['pids/glambdar/i/other']);
  });

  /** A group that stays, because its files are real ones, as if something in it did not end. */
  function busyGroup(files: Readonly<Record<string, string>>): string {
    const group = join(root, 'glambdar/i/c');
    mkdirSync(group, { recursive: true });
    for (const [name, text] of Object.entries(files)) writeFileSync(join(group, name), text);
    return group;
  }

  const remove = () => removeCgroups([root], 'glambdar/i/c', 0);
  const doNotEnd = 'processes of the container do not end';

  it('kills by the group where version 2 can, and says if something stays all the same', async () => {
    const group = busyGroup({ 'cgroup.kill': '', 'cgroup.procs': '' });
    await expect(remove()).rejects.toThrow(doNotEnd);
    expect(readFileSync(join(group, 'cgroup.kill'), 'utf8')).toBe('1');
  });

  it('kills each process elsewhere, but takes 0 for none', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => undefined, 1000)']);
    const ended = once(child, 'exit');
    const group = busyGroup({ 'cgroup.procs': `0\n${String(child.pid)}\n` });
    await expect(remove()).rejects.toThrow(doNotEnd);
    await expect(ended).resolves.toEqual([null, 'SIGKILL']);
    expect(existsSync(join(group, 'cgroup.kill'))).toBe(false);
  });
});
