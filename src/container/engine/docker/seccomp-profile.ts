import type { ArgumentCondition, SystemCallPolicy, SystemCallRule } from '../system-calls.js';

const architectures = { 'x86-64': 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const;

/** In the engine's own format. Without sub-architectures a 32-bit call kills its thread. */
export function seccompProfile({ processors, rules }: SystemCallPolicy) {
  return {
    // EPERM is what it fails with where nothing else is said.
    defaultAction: 'SCMP_ACT_ERRNO',
    archMap: processors.map((processor) => ({
      architecture: architectures[processor],
      subArchitectures: [],
    })),
    syscalls: rules.map(syscallRule),
  };
}

function syscallRule({ names, answer, when }: SystemCallRule) {
  return {
    names,
    action: answer === 'allow' ? 'SCMP_ACT_ALLOW' : 'SCMP_ACT_ERRNO',
    ...(answer !== 'allow' && { errnoRet: answer }),
    ...(when.length > 0 && { args: when.map(argument) }),
  };
}

/** Masked, the first value is the mask. */
function argument({ argument: index, mask, equals }: ArgumentCondition) {
  return mask === undefined
    ? { index, value: equals, op: 'SCMP_CMP_EQ' }
    : { index, value: mask, valueTwo: equals, op: 'SCMP_CMP_MASKED_EQ' };
}

const rendered = new WeakMap<SystemCallPolicy, string>();

/** Made once for each policy, of which there is one: it is the largest part of a create request. */
export function seccompOption(policy: SystemCallPolicy): string {
  const known = rendered.get(policy);
  if (known !== undefined) return known;
  const option = `seccomp=${JSON.stringify(seccompProfile(policy))}`;
  rendered.set(policy, option);
  return option;
}
