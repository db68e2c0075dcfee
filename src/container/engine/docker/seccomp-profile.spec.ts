import { seccompProfile } from './seccomp-profile.js';

const allowed = seccompProfile.syscalls.filter(({ action }) => action === 'SCMP_ACT_ALLOW');
const unconditional = allowed.filter(({ args }) => args === undefined).flatMap(({ names }) => names);

describe('the seccomp profile', () => {
  it('refuses what it does not name', () => {
    expect(seccompProfile.defaultAction).toBe('SCMP_ACT_ERRNO');
  });

  it.each(['socket', 'socketpair', 'setsockopt', 'fcntl', 'clone', 'clone3', 'personality'])(
    'allows %s under conditions only',
    (name) => {
      expect(unconditional).not.toContain(name);
    },
  );

  it.each(['flock', 'inotify_init', 'inotify_init1', 'inotify_add_watch', 'fanotify_init'])(
    'has no %s, by which containers that read one file would meet',
    (name) => {
      expect(allowed.flatMap(({ names }) => names)).not.toContain(name);
    },
  );

  it('names each unconditional call once', () => {
    expect(new Set(unconditional).size).toBe(unconditional.length);
  });

  it('has one meaning for the 32-bit forms of calls: none', () => {
    expect(seccompProfile.archMap.flatMap(({ subArchitectures }) => subArchitectures)).toEqual([]);
  });
});
