import { systemCalls } from './system-calls.js';

const allowed = systemCalls.rules.filter(({ answer }) => answer === 'allow');
const unconditional = allowed.filter(({ when }) => when.length === 0).flatMap(({ names }) => names);

describe('the list of system calls', () => {
  it('refuses what it does not name', () => {
    expect(systemCalls.otherwise).toBe('EPERM');
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
});
