import type { RuntimeName } from './runtime-version.js';

export interface RuntimeCall {
  readonly runtime: RuntimeName;
  readonly container: string;
  readonly bundle: string;
  readonly state: string;
  readonly pidFile: string;
  readonly log: string;
}

/** gVisor: no network that is not its own, sockets of the host that are mounted may be connected to, no special hardware. */
const runscOptions = ['--network=none', '--host-uds=open', '--platform=ptrace'];

/** The words of a command; `run` stays until the container has ended and gives its exit code. */
export function runtimeCommand(
  verb: 'run' | 'create',
  { runtime, container, bundle, state, pidFile, log }: RuntimeCall,
): readonly string[] {
  const options = runtime === 'runsc' ? runscOptions : [];
  return [
    ...[runtime, '--root', state, '--log', log, ...options],
    ...[verb, '--bundle', bundle, '--pid-file', pidFile, container],
  ];
}
