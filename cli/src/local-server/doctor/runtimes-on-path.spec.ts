import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { lookForRuntime } from '../../../../src/container/engine/oci/runtime-version.js';
import { runtimesOnPath } from './runtimes-on-path.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'gl-runtimes-'));
});
afterEach(() => rm(directory, { recursive: true }));

/** Puts a program into a directory of its own, and returns that. */
async function install(name: string, script: string): Promise<string> {
  const bin = path.join(directory, `bin-${name}`);
  await mkdir(bin);
  await writeFile(path.join(bin, name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return bin;
}

describe('the OCI runtimes on PATH', () => {
  it('are there with their versions and their paths, gVisor among them', async () => {
    const places = [
      await install('runsc', 'echo "runsc version release-20240101.0"'),
      await install('crun', 'echo "crun version 1.14.1"; echo "+CAP +SECCOMP"'),
    ];
    await expect(runtimesOnPath(places.join(':'))).resolves.toEqual([
      { name: 'crun', version: '1.14.1', file: path.join(directory, 'bin-crun', 'crun') },
      { name: 'runsc', version: '20240101.0', file: path.join(directory, 'bin-runsc', 'runsc') },
    ]);
  });

  it.each([
    ['is too old', 'echo "crun version 0.17"', 'it is version 0.17, and has to be 1.8 or newer'],
    ['prints garbage', 'printf "\\377\\376\\000version"', 'it does not tell its version'],
    ['hangs', 'read nothing', 'it does not tell its version'],
    ['fails', 'exit 1', 'it does not tell its version'],
  ])('are there also where one %s, with what is wrong with it', async (_what, script, problem) => {
    const bin = await install('crun', script);
    const patienceMs = script.startsWith('read') ? 50 : 60_000;
    await expect(runtimesOnPath(bin, (name) => lookForRuntime(name, bin, patienceMs))).resolves.toEqual([
      { name: 'crun', problem: `is unusable: ${problem}`, file: path.join(bin, 'crun') },
    ]);
  });

  it('are none where PATH has none, or is not absolute', async () => {
    await expect(runtimesOnPath(directory)).resolves.toEqual([]);
    await expect(runtimesOnPath('')).resolves.toEqual([]);
    await expect(runtimesOnPath('.:bin')).resolves.toEqual([]);
  });
});
