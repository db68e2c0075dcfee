import { systemCalls } from '../system-calls.js';
import { seccompProfile } from './seccomp-profile.js';

describe('the seccomp profile', () => {
  it('says in the words of the engine what the list of system calls says', () => {
    const rules = [
      { names: ['read', 'write'], answer: 'allow' as const, when: [] },
      { names: ['socket'], answer: 'allow' as const, when: [{ argument: 0, equals: 1 }] },
      { names: ['clone'], answer: 38, when: [{ argument: 0, mask: 15, equals: 2 }] },
    ];
    expect(seccompProfile({ ...systemCalls, rules })).toEqual({
      defaultAction: 'SCMP_ACT_ERRNO',
      archMap: [
        { architecture: 'SCMP_ARCH_X86_64', subArchitectures: [] },
        { architecture: 'SCMP_ARCH_AARCH64', subArchitectures: [] },
      ],
      syscalls: [
        { names: ['read', 'write'], action: 'SCMP_ACT_ALLOW' },
        {
          names: ['socket'],
          action: 'SCMP_ACT_ALLOW',
          args: [{ index: 0, value: 1, op: 'SCMP_CMP_EQ' }],
        },
        {
          names: ['clone'],
          action: 'SCMP_ACT_ERRNO',
          errnoRet: 38,
          args: [{ index: 0, value: 15, valueTwo: 2, op: 'SCMP_CMP_MASKED_EQ' }],
        },
      ],
    });
  });

  it('has one meaning for the 32-bit forms of calls: none', () => {
    expect(seccompProfile(systemCalls).archMap.flatMap(({ subArchitectures }) => subArchitectures)).toEqual(
      [],
    );
  });
});
