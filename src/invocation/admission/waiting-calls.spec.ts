import { WaitingCalls, type QueuedCall } from './waiting-calls.js';

function call(keyId?: string): QueuedCall {
  return { keyId, sinceMs: 0, admit: () => undefined, timeOut: () => undefined };
}

function waiting(...calls: QueuedCall[]): WaitingCalls {
  const all = new WaitingCalls();
  for (const each of calls) all.add(each);
  return all;
}

const anyKey = () => true;

/** Takes all that may be taken, in turn. */
function inTurn(calls: WaitingCalls, mayRun: (keyId: string | undefined) => boolean = anyKey): QueuedCall[] {
  const taken: QueuedCall[] = [];
  for (let next = calls.next(mayRun); next; next = calls.next(mayRun)) {
    calls.take(next);
    taken.push(next);
  }
  return taken;
}

describe('calls that wait', () => {
  it('get their turn in the order in which they came', () => {
    const calls = [call(), call(), call()];
    expect(inTurn(waiting(...calls))).toEqual(calls);
  });

  it('get it one of each key after the other, however many of one key wait', () => {
    const [greedy1, greedy2, greedy3] = [call('greedy'), call('greedy'), call('greedy')];
    const [modest, keyless] = [call('modest'), call()];
    const order = inTurn(waiting(greedy1, greedy2, greedy3, modest, keyless));
    expect(order.map((each) => each.keyId)).toEqual(['greedy', 'modest', undefined, 'greedy', 'greedy']);
    expect(order.filter(({ keyId }) => keyId === 'greedy')).toEqual([greedy1, greedy2, greedy3]);
  });

  it('are passed by those of other keys where their own has its share', () => {
    const [full, other] = [call('full'), call('other')];
    const calls = waiting(full, other);
    expect(inTurn(calls, (keyId) => keyId !== 'full')).toEqual([other]);
    expect(calls.has('full')).toBe(true);
    expect(calls.next(anyKey)).toBe(full);
  });

  it('keep the turn of their key when one of them gives up', () => {
    const [first, second, other] = [call('a'), call('a'), call('b')];
    const calls = waiting(first, second, other);
    expect(calls.remove(first)).toBe(true);
    expect(calls.remove(first)).toBe(false);
    expect(calls.next(anyKey)).toBe(second);
    expect(calls.size).toBe(2);
  });

  it('are looked at no more often than there are keys, however many they are', () => {
    const calls = waiting(...Array.from({ length: 10_000 }, () => call('full')), call('other'));
    let looks = 0;
    calls.next((keyId) => {
      looks += 1;
      return keyId === 'other';
    });
    expect(looks).toBe(2);
  });
});
