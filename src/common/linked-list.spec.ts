import { LinkedList } from './linked-list.js';

describe('a linked list', () => {
  it('has its values in the order in which they came', () => {
    const list = new LinkedList<string>();
    expect([list.first, list.values(), list.isEmpty]).toEqual([undefined, [], true]);
    list.add('a');
    list.add('b');
    list.add('a');
    expect([list.first, list.values(), list.size]).toEqual(['a', ['a', 'b', 'a'], 3]);
  });

  it('loses a value wherever it stands, and only once', () => {
    const list = new LinkedList<string>();
    const [first, middle, last] = [list.add('first'), list.add('middle'), list.add('last')];
    expect([list.remove(middle), list.remove(middle)]).toEqual([true, false]);
    expect(list.values()).toEqual(['first', 'last']);
    list.remove(first);
    expect([list.first, list.size]).toEqual(['last', 1]);
    list.remove(last);
    expect([list.first, list.isEmpty]).toEqual([undefined, true]);
    list.add('next');
    expect(list.values()).toEqual(['next']);
  });
});
