import fc from 'fast-check';
import { idle, nextInCycle, type CycleAction, type CycleEvent, type CycleState } from './publish-cycle.js';

function actionsFor(...events: readonly CycleEvent[]): { state: CycleState; actions: CycleAction[] } {
  const actions: CycleAction[] = [];
  let state = idle;
  for (const event of events) {
    const next = nextInCycle(state, event);
    state = next.state;
    actions.push(next.action);
  }
  return { state, actions };
}

describe('the publications of what is being changed', () => {
  it('wait for the other files of the same save', () => {
    const { state, actions } = actionsFor('changed', 'changed', 'settled', 'published');
    expect(actions).toEqual(['settle', undefined, 'publish', undefined]);
    expect(state).toEqual(idle);
  });

  it('are one more, and no more than one, for the changes that come meanwhile', () => {
    const { state, actions } = actionsFor(
      'changed',
      'settled',
      'changed',
      'changed',
      'published',
      'settled',
      'published',
    );
    expect(actions).toEqual(['settle', 'publish', undefined, undefined, 'settle', 'publish', undefined]);
    expect(state).toEqual(idle);
  });

  it('are none without a change', () => {
    expect(actionsFor('settled', 'published', 'settled').actions).toEqual([undefined, undefined, undefined]);
  });

  it('never overlap, and never miss the last change', () => {
    const anyEvents = fc.array(fc.constantFrom<CycleEvent>('changed', 'settled', 'published'), {
      maxLength: 40,
    });
    fc.assert(
      fc.property(anyEvents, (events) => {
        let state = idle;
        let isPublishing = false;
        let isMissing = false;
        const step = (event: CycleEvent) => {
          const isPossible =
            (event !== 'published' || isPublishing) && (event !== 'settled' || state.phase === 'settling');
          if (!isPossible) return;
          if (event === 'published') isPublishing = false;
          if (event === 'changed') isMissing = true;
          const next = nextInCycle(state, event);
          state = next.state;
          if (next.action !== 'publish') return;
          expect(isPublishing).toBe(false);
          isPublishing = true;
          isMissing = false;
        };
        events.forEach(step);
        // Without further changes it comes to rest.
        for (const event of ['published', 'settled', 'published', 'settled', 'published'] as const)
          step(event);
        expect({ state, isMissing }).toEqual({ state: idle, isMissing: false });
      }),
    );
  });
});
