import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ProgramContainer } from '../support/program-container.js';
import { readProbe, systemCallProbe, type SystemCall } from '../support/static-program.js';
import { type EngineKind, engineKinds, openTestEngine, type TestEngine } from '../support/test-engine.js';

const golden = join(import.meta.dirname, 'golden/container-powers.json');

const call = (name: string, number: number, ...args: number[]): SystemCall => ({ name, number, args });

const calls: readonly SystemCall[] = [
  call('getpid', 39),
  call('socket unix', 41, 1, 1, 0),
  call('socket inet', 41, 2, 1, 0),
  call('socket inet6', 41, 10, 1, 0),
  call('socket inet datagram', 41, 2, 2, 0),
  call('socket inet6 datagram', 41, 10, 2, 0),
  call('socket inet ping', 41, 2, 2, 1),
  call('socket inet mptcp', 41, 2, 1, 262),
  call('socket netlink route', 41, 16, 3, 0),
  call('socket netlink audit', 41, 16, 3, 9),
  call('socket packet', 41, 17, 3, 0),
  call('socket alg', 41, 38, 5, 0),
  call('socket vsock', 41, 40, 1, 0),
  call('personality query', 135, 0xffffffff),
  call('personality no randomisation', 135, 0x0040000),
  call('clone new user namespace', 56, 0x10000000),
  call('clone3', 435, 0, 0),
  call('unshare', 272, 0),
  call('setns', 308, 0, 0),
  call('mount', 165, 0, 0, 0),
  call('ptrace', 101, 0, 0, 0),
  call('process_vm_readv', 310, 1, 0, 0),
  call('io_uring_setup', 425, 1, 0),
  call('keyctl', 250, 0, 0, 0),
  call('add_key', 248, 0, 0, 0),
  call('request_key', 249, 0, 0, 0),
  call('userfaultfd', 323, 0),
  call('perf_event_open', 298, 0, 0, 0),
  call('bpf', 321, 0, 0, 0),
  call('splice', 275, 0, 0, 1),
  call('shmget', 29, 0, 4096, 0),
  call('mq_open', 240, 0, 0, 0),
  call('memfd_secret', 447, 0),
  call('flock', 73, 0, 2),
  call('inotify_init1', 294, 0),
  call('fanotify_init', 300, 0, 0),
  call('fcntl F_GETFL', 72, 0, 3),
  call('fcntl F_OFD_GETLK', 72, 0, 36),
  call('fcntl F_OFD_SETLK', 72, 0, 37),
  call('fcntl F_SETLEASE', 72, 0, 1024),
  call('fcntl F_NOTIFY', 72, 0, 1026, 1),
  call('fcntl F_SET_RW_HINT', 72, 0, 1036),
  call('setsockopt SO_SNDBUF', 54, 0, 1, 7),
  call('setsockopt SO_RCVBUF', 54, 0, 1, 8),
  call('setsockopt SO_RCVBUF, upper bits', 54, 0, 1, 8 + 2 ** 32),
  call('init_module', 175, 0, 0, 0),
  call('kexec_load', 246, 0, 0, 0),
];

interface Powers {
  readonly mounts: Readonly<Record<string, string>>;
  readonly writing: Readonly<Record<string, string>>;
}

/** Where a runtime's container is not as Docker's. */
const ofRuntimes: Powers = {
  // All containers read one image, whose times none of them is to change.
  mounts: { '/': 'noatime,ro' },
  // Docker leaves a file system to write to, in which only root may; here it is read-only, as crun's is open to everybody.
  writing: { '/sys/fs/cgroup': 'EROFS' },
};

const differences: Readonly<Record<EngineKind, Powers>> = {
  docker: { mounts: {}, writing: {} },
  crun: ofRuntimes,
  runc: ofRuntimes,
};

/** What a container sees and may do, as it says itself. */
async function reportedPowers(root: string, engine: TestEngine): Promise<unknown> {
  const [runDirectory, codeDirectory] = [join(root, 'run'), join(root, 'code')];
  for (const directory of [runDirectory, codeDirectory]) await mkdir(directory);
  for (const directory of [root, codeDirectory]) await chmod(directory, 0o755);
  await writeFile(join(runDirectory, 'probe'), systemCallProbe(calls), { mode: 0o755 });
  const order = { program: 'container-powers.mjs', uid: 234_567, runDirectory, codeDirectory };
  const container = await ProgramContainer.start(order, engine);
  try {
    const { powers, probe } = (await container.report()) as { powers: object; probe: string };
    return { ...powers, systemCalls: readProbe(calls, Buffer.from(probe, 'base64')) };
  } finally {
    await container.remove();
  }
}

describe.each(engineKinds)('a container’s powers with %s', (kind) => {
  let root: string;
  let engine: TestEngine;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'glambdar-powers-'));
    engine = await openTestEngine(kind);
  });
  afterEach(async () => {
    await engine.close();
    await rm(root, { recursive: true });
  });

  // Anything that a container gains or loses shows here, and must be meant.
  it('are those that were decided on', async () => {
    const decided = JSON.parse(await readFile(golden, 'utf8')) as Powers;
    expect(await reportedPowers(root, engine)).toEqual({
      ...decided,
      mounts: { ...decided.mounts, ...differences[kind].mounts },
      writing: { ...decided.writing, ...differences[kind].writing },
    });
  });
});
