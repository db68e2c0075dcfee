import { seccompProfile } from './seccomp-profile.js';

const allowed = seccompProfile.syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW');
const unconditional = allowed.filter(({ args }) => args === undefined).flatMap(({ names }) => names);

describe('the seccomp profile', () => {
  it('refuses what it does not name', () => {
    expect(seccompProfile.defaultAction).toBe('SCMP_ACT_ERRNO');
  });

  it.each(['socket', 'socketpair', 'clone', 'clone3', 'personality'])(
    'allows %s under conditions only',
    (name) => {
      expect(unconditional).not.toContain(name);
    },
  );

  it('names each unconditional call once', () => {
    expect(new Set(unconditional).size).toBe(unconditional.length);
  });

  it('has one meaning for the 32-bit forms of calls: none', () => {
    expect(seccompProfile.archMap.flatMap(({ subArchitectures }) => subArchitectures)).toEqual([]);
  });
});
