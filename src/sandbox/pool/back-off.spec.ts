import { FailureBackOff, PrewarmBackOff } from './back-off.js';

describe('prewarming', () => {
  it('backs off while a container is provisioned for a call, and ten milliseconds longer', () => {
    const backOff = new PrewarmBackOff();
    expect(backOff.isActive(0)).toBe(false);
    backOff.callStarted(0);
    expect(backOff.isActive(0)).toBe(true);
    backOff.callServed(20);
    expect(backOff.isActive(29)).toBe(true);
    expect(backOff.isActive(30)).toBe(false);
  });

  it('backs off for the last of several calls', () => {
    const backOff = new PrewarmBackOff();
    backOff.callStarted(0);
    backOff.callStarted(10);
    backOff.callServed(20);
    expect(backOff.isActive(100)).toBe(true);
  });

  it('backs off no longer than a quarter of a second, however many calls follow one another', () => {
    const backOff = new PrewarmBackOff();
    backOff.callStarted(0);
    backOff.callStarted(200);
    backOff.callServed(240);
    expect(backOff.isActive(249)).toBe(true);
    expect(backOff.isActive(250)).toBe(false);
  });
});

describe('provisioning that fails', () => {
  it('pauses for a second, then twice as long each time, at most a minute', () => {
    const backOff = new FailureBackOff();
    expect(backOff.isActive(0)).toBe(false);
    for (const pauseMs of [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]) {
      backOff.failed(0);
      expect(backOff.isActive(pauseMs - 1)).toBe(true);
      expect(backOff.isActive(pauseMs)).toBe(false);
    }
  });

  it('pauses for a second again after a success', () => {
    const backOff = new FailureBackOff();
    backOff.failed(0);
    backOff.failed(0);
    backOff.succeeded();
    backOff.failed(0);
    expect(backOff.isActive(1000)).toBe(false);
  });
});
