import { ManualClock } from '../../test/fakes/manual-clock.js';
import { ContainerLifecycle, type ContainerMove, type ContainerState } from './container-state.js';

const states: ContainerState[] = [
  'requested',
  'creating',
  'created',
  'starting',
  'started',
  'removing',
  'removed',
  'leaked',
];

/** One way to each state. */
const wayTo: Record<ContainerState, ContainerState[]> = {
  requested: [],
  creating: ['creating'],
  created: ['creating', 'created'],
  starting: ['creating', 'created', 'starting'],
  started: ['creating', 'created', 'starting', 'started'],
  removing: ['creating', 'removing'],
  removed: ['creating', 'removing', 'removed'],
  leaked: ['creating', 'removing', 'leaked'],
};

const legal: Record<ContainerState, ContainerState[]> = {
  requested: ['creating', 'removed'],
  creating: ['created', 'removing'],
  created: ['starting', 'removing'],
  starting: ['started', 'removing'],
  started: ['removing'],
  removing: ['removed', 'leaked'],
  leaked: ['removing'],
  removed: [],
};

function containerIn(state: ContainerState, clock = new ManualClock(), moves: ContainerMove[] = []) {
  const lifecycle = new ContainerLifecycle('c', clock, (move) => moves.push(move));
  for (const step of wayTo[state]) lifecycle.move(step);
  return lifecycle;
}

describe('ContainerLifecycle', () => {
  const everyMove = states.flatMap((from) =>
    states.map((to) => ({ from, to, allowed: legal[from].includes(to) })),
  );

  it.each(everyMove.filter(({ allowed }) => allowed))('goes from $from to $to', ({ from, to }) => {
    const lifecycle = containerIn(from);
    lifecycle.move(to);
    expect(lifecycle.state).toBe(to);
  });

  it.each(everyMove.filter(({ allowed }) => !allowed))('refuses to go from $from to $to', ({ from, to }) => {
    const lifecycle = containerIn(from);
    expect(() => {
      lifecycle.move(to);
    }).toThrow(`from ${from} to ${to}`);
    expect(lifecycle.state).toBe(from);
  });

  it('tells who watches how long each state lasted, and why a container leaked', () => {
    const clock = new ManualClock();
    const moves: ContainerMove[] = [];
    const lifecycle = containerIn('removing', clock, moves);
    clock.advance(40);
    const cause = new Error('busy');
    lifecycle.move('leaked', cause);
    expect(moves.at(-1)).toEqual({ name: 'c', from: 'removing', to: 'leaked', afterMs: 40, cause });
  });
});
