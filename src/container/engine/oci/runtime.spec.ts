import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findRuntime, runtimeCommand, type RuntimeCall } from './runtime.js';

const call: RuntimeCall = {
  runtime: 'crun',
  container: 'glambdar-1',
  bundle: '/state/aaaa/containers/glambdar-1',
  state: '/state/launcher/runtime',
  pidFile: '/state/launcher/pids/glambdar-1',
  log: '/state/aaaa/containers/glambdar-1/runtime.log',
};

const placed = ['--bundle', call.bundle, '--pid-file', call.pidFile, call.container];

describe('the command of a runtime', () => {
  it.each(['crun', 'runc'] as const)('names where all of it is, for %s', (runtime) => {
    expect(runtimeCommand('run', { ...call, runtime })).toEqual([
      ...[runtime, '--root', call.state, '--log', call.log],
      ...['run', ...placed],
    ]);
  });

  it('gives gVisor no network and no hardware', () => {
    expect(runtimeCommand('create', { ...call, runtime: 'runsc' })).toEqual([
      ...['runsc', '--root', call.state, '--log', call.log],
      ...['--network=none', '--host-uds=open', '--platform=ptrace'],
      ...['create', ...placed],
    ]);
  });
});

describe('the search for a runtime', () => {
  let programs: string;
  let path: string | undefined;
  beforeEach(() => {
    programs = mkdtempSync(join(tmpdir(), 'gl-programs-'));
    path = process.env['PATH'];
    process.env['PATH'] = programs;
  });
  afterEach(() => {
    process.env['PATH'] = path;
    rmSync(programs, { recursive: true });
  });

  /** A program that does so, whatever it is asked for. */
  function install(name: string, script: string): void {
    writeFileSync(join(programs, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(programs, name), 0o755);
  }

  it.each([
    ['crun', 'crun version 1.8.1\ncommit: abc', '1.8'],
    ['runc', 'runc version 1.1.5+ds1\nspec: 1.0.2', '1.1'],
    ['runsc', 'runsc version release-20221107.0\nspec: 1.0.2', 'release-20221107.0'],
  ] as const)('finds %s by its name, and its version', async (name, words, version) => {
    install(name, `echo '${words}'`);
    await expect(findRuntime(name)).resolves.toEqual({ name, version });
  });

  it('takes crun before runc where nobody asks for one', async () => {
    install('runc', "echo 'runc version 1.1.5'");
    await expect(findRuntime('')).resolves.toMatchObject({ name: 'runc' });
    install('crun', "echo 'crun version 1.8.1'");
    await expect(findRuntime('')).resolves.toMatchObject({ name: 'crun' });
  });

  it.each([
    ['fails', "echo 'crun version 1.8.1'; exit 1"],
    ['says that it is another', "echo 'runc version 1.1.5'"],
    ['says nothing', ':'],
    ['prints without end', 'while :; do echo 0123456789012345678901234567890123456789; done'],
    ['prints bytes without meaning', "printf '\\377\\376\\000crun version'"],
    ['is killed', 'kill -KILL $$'],
  ])('takes a program that %s for none, and says what to do', async (_fault, script) => {
    install('crun', script);
    await expect(findRuntime('crun')).rejects.toMatchObject({
      name: 'UnusableEngine',
      message:
        'GLAMBDAR_ENGINE is oci, and this machine has no crun that works. Install one (apt-get install crun), or unset GLAMBDAR_ENGINE to use Docker.',
    });
  });

  it('gives up one that does not answer', async () => {
    install('crun', 'while :; do :; done');
    await expect(findRuntime('crun', 50)).rejects.toMatchObject({ name: 'UnusableEngine' });
  });

  it('names both where there is neither', async () => {
    await expect(findRuntime('')).rejects.toThrow('this machine has no crun and no runc that works');
  });
});
