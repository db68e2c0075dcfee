import { CallsFirst } from './calls-first.js';

describe('what is made ahead', () => {
  it('waits while a container is made for a call, and ten milliseconds longer', () => {
    const callsFirst = new CallsFirst();
    expect(callsFirst.holds(0)).toBe(false);
    callsFirst.begin(0);
    expect(callsFirst.holds(0)).toBe(true);
    callsFirst.end(20);
    expect(callsFirst.holds(29)).toBe(true);
    expect(callsFirst.holds(30)).toBe(false);
  });

  it('waits for the last of several', () => {
    const callsFirst = new CallsFirst();
    callsFirst.begin(0);
    callsFirst.begin(10);
    callsFirst.end(20);
    expect(callsFirst.holds(100)).toBe(true);
  });

  it('waits no longer than a quarter of a second, however many calls follow one another', () => {
    const callsFirst = new CallsFirst();
    callsFirst.begin(0);
    callsFirst.begin(200);
    callsFirst.end(240);
    expect(callsFirst.holds(249)).toBe(true);
    expect(callsFirst.holds(250)).toBe(false);
  });
});
