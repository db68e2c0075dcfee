import { mayReceive, nextPhase, type SessionEvent, type SessionPhase } from './session-phase.js';

const phases: SessionPhase[] = ['prewarmed', 'loading', 'ready', 'busy', 'streaming', 'answered', 'gone'];
const events: SessionEvent[] = ['load', 'ready', 'invoke', 'stream', 'answer', 'end'];
const types = ['hello', 'ready', 'loadError', 'result', 'chunk', 'end', 'error', 'log'] as const;

describe('the phases of a session', () => {
  const legal = [
    ['prewarmed', 'load', 'loading'],
    ['loading', 'ready', 'ready'],
    ['ready', 'invoke', 'busy'],
    ['busy', 'answer', 'answered'],
    ['busy', 'stream', 'streaming'],
    ['streaming', 'answer', 'answered'],
    ['answered', 'ready', 'ready'],
    ['prewarmed', 'end', 'gone'],
    ['loading', 'end', 'gone'],
    ['ready', 'end', 'gone'],
    ['busy', 'end', 'gone'],
    ['streaming', 'end', 'gone'],
    ['answered', 'end', 'gone'],
  ] as const;

  it.each(legal)('go from %s by %s to %s', (phase, event, next) => {
    expect(nextPhase(phase, event)).toBe(next);
  });

  it('go nowhere else', () => {
    const others = phases.flatMap((phase) =>
      events
        .filter((event) => !legal.some(([from, by]) => from === phase && by === event))
        .map((event) => ({ phase, event })),
    );
    expect(others).toHaveLength(phases.length * events.length - legal.length);
    for (const { phase, event } of others) expect(() => nextPhase(phase, event)).toThrow(phase);
  });

  it.each<[SessionPhase, readonly string[]]>([
    ['prewarmed', []],
    ['loading', ['ready', 'loadError', 'log']],
    ['ready', ['log']],
    ['busy', ['result', 'error', 'log']],
    ['streaming', ['chunk', 'end', 'error', 'log']],
    ['answered', ['ready', 'log']],
    ['gone', []],
  ])('let a worker that is %s say only %j', (phase, allowed) => {
    expect(types.filter((type) => mayReceive(phase, type))).toEqual(allowed);
  });
});
