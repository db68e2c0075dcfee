import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { FunctionQueue, QueueTimeout, type QueuedCall } from './function-queue.js';

function call(keyId?: string): QueuedCall {
  return { keyId, priority: 'normal', sinceMs: 0, admit: () => undefined, timeOut: () => undefined };
}

function waiting(...calls: QueuedCall[]): FunctionQueue {
  const queue = new FunctionQueue('function', 16, 128);
  for (const each of calls) queue.add(each);
  return queue;
}

const anyKey = () => true;

/** Takes all that may be taken, one after the other. */
function taken(queue: FunctionQueue, mayRun: (keyId: string | undefined) => boolean = anyKey): QueuedCall[] {
  const calls: QueuedCall[] = [];
  for (let next = queue.next('normal', mayRun); next; next = queue.next('normal', mayRun)) {
    queue.take(next);
    calls.push(next);
  }
  return calls;
}

describe('calls that wait', () => {
  it('are served in the order in which they came', () => {
    const calls = [call(), call(), call()];
    expect(taken(waiting(...calls))).toEqual(calls);
  });

  it('are served one of each key after the other, however many of one key wait', () => {
    const [greedy1, greedy2, greedy3] = [call('greedy'), call('greedy'), call('greedy')];
    const [modest, keyless] = [call('modest'), call()];
    const order = taken(waiting(greedy1, greedy2, greedy3, modest, keyless));
    expect(order.map((each) => each.keyId)).toEqual(['greedy', 'modest', undefined, 'greedy', 'greedy']);
    expect(order.filter(({ keyId }) => keyId === 'greedy')).toEqual([greedy1, greedy2, greedy3]);
  });

  it('are passed by those of other keys where their own has its share', () => {
    const [full, other] = [call('full'), call('other')];
    const calls = waiting(full, other);
    expect(taken(calls, (keyId) => keyId !== 'full')).toEqual([other]);
    expect(calls.has('full')).toBe(true);
    expect(calls.next('normal', anyKey)).toBe(full);
  });

  it('leave their key its turn when one of them gives up', () => {
    const [first, second, other] = [call('a'), call('a'), call('b')];
    const calls = waiting(first, second, other);
    calls.remove(first);
    calls.remove(first);
    expect(calls.next('normal', anyKey)).toBe(second);
    expect(calls.length).toBe(2);
  });

  it('are looked at no more often than there are keys, however many they are', () => {
    const calls = waiting(...Array.from({ length: 10_000 }, () => call('full')), call('other'));
    let looks = 0;
    calls.next('normal', (keyId) => {
      looks += 1;
      return keyId === 'other';
    });
    expect(looks).toBe(2);
  });
});

let clock: ManualClock;
let timeout: QueueTimeout;
let timedOut: string[];
beforeEach(() => {
  clock = new ManualClock();
  timeout = new QueueTimeout(clock, 100);
  timedOut = [];
});

function add(name: string): QueuedCall {
  const call: QueuedCall = {
    keyId: undefined,
    priority: 'normal',
    sinceMs: clock.monotonicMs(),
    admit: () => undefined,
    timeOut: () => timedOut.push(name),
  };
  timeout.add(call);
  return call;
}

describe('the timeout of calls that wait', () => {
  it('passes for each as long after it came, with one timer for all', () => {
    add('first');
    clock.advance(60);
    add('second');
    add('third');
    expect(clock.pendingTimers).toBe(1);
    clock.advance(39);
    expect(timedOut).toEqual([]);
    clock.advance(1);
    expect(timedOut).toEqual(['first']);
    clock.advance(59);
    expect(timedOut).toEqual(['first']);
    clock.advance(1);
    expect(timedOut).toEqual(['first', 'second', 'third']);
    expect(clock.pendingTimers).toBe(0);
  });

  it('passes for none that waits no more, and leaves no timer behind the last', () => {
    const [gone, stays] = [add('gone'), add('stays')];
    timeout.remove(gone);
    clock.advance(100);
    expect(timedOut).toEqual(['stays']);
    timeout.remove(stays);
    const last = add('last');
    timeout.remove(last);
    expect(clock.pendingTimers).toBe(0);
  });

  it('is as long as ever for a call that comes after the one for which the timer was set has gone', () => {
    const first = add('first');
    clock.advance(50);
    add('second');
    timeout.remove(first);
    clock.advance(99);
    expect(timedOut).toEqual([]);
    clock.advance(1);
    expect(timedOut).toEqual(['second']);
  });
});
