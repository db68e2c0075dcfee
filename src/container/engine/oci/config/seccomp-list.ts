import { deepFreeze } from '../../sandbox-policy.js';
import { seccompArchitectures, seccompRules } from '../../seccomp-rules.js';
import type { SystemCallPolicy } from '../../system-calls.js';

const processorOf: Readonly<Record<string, SystemCallPolicy['processors'][number]>> = {
  x64: 'x86-64',
  arm64: 'arm64',
};

const rendered = new WeakMap<SystemCallPolicy, object>();

/**
 * The list of system calls as `linux.seccomp` of a configuration, for this machine's processor alone: with a second one a
 * runtime would compile its filter, too. Without sub-architectures a 32-bit call kills its thread.
 */
export function seccompList(policy: SystemCallPolicy): object {
  const known = rendered.get(policy);
  if (known !== undefined) return known;
  const list = deepFreeze({ ...seccompRules(policy), architectures: [architectureOf(policy)] });
  rendered.set(policy, list);
  return list;
}

function architectureOf({ processors }: SystemCallPolicy): string {
  const processor = processorOf[process.arch];
  if (processor === undefined || !processors.includes(processor)) {
    throw new Error(`The list of system calls knows no ${process.arch} processors.`);
  }
  return seccompArchitectures[processor];
}
