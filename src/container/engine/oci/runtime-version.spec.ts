import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { judgeRuntime, lookForRuntime, type RuntimeName } from './runtime-version.js';

const crun = (version: string, parts = '+SYSTEMD +SELINUX +APPARMOR +CAP +SECCOMP +EBPF +YAJL') =>
  `crun version ${version}\ncommit: f8a096be\nrundir: /run/crun\nspec: 1.0.0\n${parts}\n`;
const runc = (version: string) =>
  `runc version ${version}\ncommit: 1.1.5\nspec: 1.0.2-dev\ngo: go1.19.8\nlibseccomp: 2.5.4\n`;
const runsc = (version: string) => `runsc version ${version}\nspec: 1.0.2-dev\n`;

describe('judgeRuntime', () => {
  it.each([
    ['crun', crun('1.8'), '1.8'],
    ['crun', crun('1.8.1'), '1.8.1'],
    ['crun', crun('1.14.1'), '1.14.1'],
    ['crun', crun('2.0'), '2.0'],
    ['runc', runc('1.1.5+ds1'), '1.1.5'],
    ['runc', runc('1.2.0-rc.1'), '1.2.0'],
    ['runc', runc('2.0'), '2.0'],
    ['runsc', runsc('0.0~20221219.0'), '20221219.0'],
    ['runsc', runsc('release-20240101.0'), '20240101.0'],
  ] as [RuntimeName, string, string][])('takes a %s that says %j', (name, said, version) => {
    expect(judgeRuntime(name, said)).toEqual({ name, version });
  });

  it.each([
    // It would overlook the filter of system calls and say nothing.
    ['crun', crun('0.17'), 'is unusable: it is version 0.17, and has to be 1.8 or newer'],
    ['crun', crun('1.7.2'), 'is unusable: it is version 1.7.2, and has to be 1.8 or newer'],
    ['crun', crun('1.8.1', '+SYSTEMD +CAP +YAJL'), 'is unusable: it was built without seccomp'],
    ['crun', crun('UNKNOWN'), 'is unusable: it does not tell its version'],
    ['crun', runc('1.1.5'), 'is unusable: it does not tell its version'],
    ['crun', '', 'is unusable: it does not tell its version'],
    ['runc', runc('1.0.0-rc93'), 'is unusable: it is version 1.0.0, and has to be 1.1 or newer'],
    ['runc', 'runc version 1.1.5\nspec: 1.0.2-dev\n', 'is unusable: it was built without seccomp'],
    [
      'runsc',
      runsc('release-20220815.0'),
      'is unusable: it is version 20220815.0, and has to be 20221219 or newer',
    ],
    ['runsc', runsc('VERSION_MISSING'), 'is unusable: it does not tell its version'],
  ] as [RuntimeName, string, string][])('takes no %s that says %j', (name, said, problem) => {
    expect(judgeRuntime(name, said)).toEqual({ name, problem });
  });
});

describe('lookForRuntime', () => {
  let directory: string;
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'oci-runtimes-'));
  });
  afterEach(() => rm(directory, { recursive: true }));

  const install = async (name: RuntimeName, script: string, mode = 0o755) => {
    await writeFile(join(directory, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(directory, name), mode);
  };

  it('reads the version of the program on PATH', async () => {
    await install('runc', "echo 'runc version 1.1.5'; echo 'libseccomp: 2.5.4'");
    await expect(lookForRuntime('runc', directory)).resolves.toEqual({ name: 'runc', version: '1.1.5' });
  });

  it('says that there is none', async () => {
    await expect(lookForRuntime('crun', directory)).resolves.toEqual({ name: 'crun', problem: 'is missing' });
  });

  it('does not wait for one that hangs', async () => {
    await install('crun', 'read nothing');
    await expect(lookForRuntime('crun', directory, 50)).resolves.toEqual({
      name: 'crun',
      problem: 'is unusable: it does not tell its version',
    });
  });

  it.each([
    ['prints garbage', 'printf "\\377\\376\\000version"'],
    ['prints without end', 'while :; do echo crun; done'],
    ['fails', 'echo "crun version 1.8.1 +SECCOMP"; exit 1'],
    ['prints nothing', ':'],
  ])('takes none that %s', async (_what, script) => {
    await install('crun', script);
    await expect(lookForRuntime('crun', directory)).resolves.toEqual({
      name: 'crun',
      problem: 'is unusable: it does not tell its version',
    });
  });
});
