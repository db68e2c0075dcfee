import { runtimeCommand, type RuntimeCall } from './runtime-command.js';

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
