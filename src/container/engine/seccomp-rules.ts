import type { ArgumentCondition, SystemCallPolicy, SystemCallRule } from './system-calls.js';

export const seccompArchitectures = { 'x86-64': 'SCMP_ARCH_X86_64', arm64: 'SCMP_ARCH_AARCH64' } as const;

/** In the words of libseccomp, which both the engine's profiles and the runtimes' configurations use. */
export function seccompRules({ rules }: SystemCallPolicy) {
  return {
    // EPERM is what it fails with where nothing else is said.
    defaultAction: 'SCMP_ACT_ERRNO',
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
