import { mkdir, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Installation } from '../common/installation/installation.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { HostilePeer } from '../../test/support/hostile-peer.js';
import { defaultIpcSettings, TemporaryIpc } from '../../test/support/temporary-ipc.js';
import { ReadScheduler } from '../common/read-scheduler/read-scheduler.js';
import { IpcService } from './ipc.service.js';

describe('IpcService', () => {
  let ipc: TemporaryIpc;

  beforeEach(() => {
    ipc = new TemporaryIpc();
  });

  afterEach(() => {
    ipc.remove();
  });

  const modeOf = async (path: string) => (await stat(path)).mode & 0o777;

  it('opens a socket of its own for each container, which any user inside can connect to', async () => {
    const [one, other] = [await ipc.service.open(), await ipc.service.open()];
    expect(one.id).toMatch(/^[0-9a-f]{12}$/);
    expect(one.token).toMatch(/^[0-9a-f]{64}$/);
    expect(one.directory).not.toBe(other.directory);
    expect(one.token).not.toBe(other.token);
    expect(await modeOf(one.directory)).toBe(0o755);
    expect(await modeOf(join(one.directory, 'socket'))).toBe(0o666);
    // The engine cannot make the mount point of the code in a directory that is mounted read-only.
    expect(await modeOf(join(one.directory, 'code'))).toBe(0o755);
    await Promise.all([one.close(), other.close()]);
  });

  it('takes the socket off the disk as soon as a peer has connected', async () => {
    const endpoint = await ipc.service.open();
    const peer = await HostilePeer.connectedTo(endpoint);
    peer.hello();
    await endpoint.session;
    expect(await readdir(endpoint.directory)).toEqual(['code']);
    await endpoint.close();
  });

  it('hangs up on everyone but the first of many that connect at the same time', async () => {
    const endpoint = await ipc.service.open();
    const [first, ...others] = Array.from({ length: 50 }, () => HostilePeer.connectedTo(endpoint));
    (await first!).hello();
    const session = await endpoint.session;
    // The kernel had them in its queue: some learn at once that nobody listens, some a moment later.
    for (const other of await Promise.allSettled(others)) {
      if (other.status === 'fulfilled') await other.value.closed;
    }
    expect(session.phase).toBe('prewarmed');
    await endpoint.close();
  });

  it('counts what is open, and closing twice is closing once', async () => {
    const endpoint = await ipc.service.open();
    expect(ipc.service.openEndpoints).toBe(1);
    await Promise.all([endpoint.close(), endpoint.close()]);
    await endpoint.close();
    expect(ipc.service.openEndpoints).toBe(0);
    expect(await readdir(ipc.installation.node.run)).toEqual([]);
  });

  it('lets nobody wait for a worker of an endpoint that was closed', async () => {
    const endpoint = await ipc.service.open();
    await endpoint.close();
    await expect(endpoint.session).rejects.toMatchObject({ kind: 'gone', reason: 'closed' });
  });

  it('ends the session together with the endpoint', async () => {
    const endpoint = await ipc.service.open();
    const peer = await HostilePeer.connectedTo(endpoint);
    peer.hello();
    const session = await endpoint.session;
    await endpoint.close();
    await expect(session.gone).resolves.toMatchObject({ reason: 'closed' });
    await peer.closed;
  });

  it('removes whatever is in the directory of a container, linked code as well', async () => {
    const endpoint = await ipc.service.open();
    await writeFile(join(endpoint.directory, 'code', 'index.js'), '');
    await endpoint.close();
  });

  it('sweeps away what an earlier server left, and nothing that is open', async () => {
    await mkdir(join(ipc.installation.node.run, '0123456789ab', 'code'), { recursive: true });
    await writeFile(join(ipc.installation.node.run, '0123456789ab', 'socket'), '');
    const endpoint = await ipc.service.open();
    await expect(ipc.service.sweep()).resolves.toEqual([]);
    expect(await readdir(ipc.installation.node.run)).toEqual([endpoint.id]);
    await endpoint.close();
  });

  it('leaves what no server has made, and names it', async () => {
    const { run } = ipc.installation.node;
    await mkdir(join(run, 'keep', 'photos'), { recursive: true });
    await writeFile(join(run, 'aaaaaaaaaaaa'), 'a file, not a directory');
    await symlink(ipc.installation.directory, join(run, 'bbbbbbbbbbbb'));
    const foreign = await ipc.service.sweep();
    expect([...foreign].sort()).toEqual(['run/aaaaaaaaaaaa', 'run/bbbbbbbbbbbb', 'run/keep']);
    expect(await readdir(run)).toHaveLength(3);
    await rm(run, { recursive: true });
    await mkdir(run);
  });

  it('fails without leaving anything when the directory cannot be made', async () => {
    await rm(ipc.installation.node.run, { recursive: true });
    await expect(ipc.service.open()).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
    expect(ipc.service.openEndpoints).toBe(0);
    await mkdir(ipc.installation.node.run);
  });

  it('refuses a path that the system would cut, and listens nowhere', async () => {
    const deep = join(ipc.installation.directory, 'd'.repeat(80));
    const clock = new ManualClock();
    const deepest = Installation.at(deep, '00000000');
    const service = new IpcService(deepest, clock, new ReadScheduler(clock), defaultIpcSettings);
    await mkdir(join(deep, 'run'), { recursive: true });
    await expect(service.open()).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      cause: { message: expect.stringContaining("A socket's path may have 103 bytes") as string },
    });
    expect(await readdir(join(deep, 'run'))).toEqual([]);
    expect(service.openEndpoints).toBe(0);
  });
});
