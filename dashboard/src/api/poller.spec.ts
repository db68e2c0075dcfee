import { jest } from '@jest/globals';
import { signal } from '@preact/signals';
import { Poller } from './poller.js';

beforeEach(() => {
  jest.useFakeTimers();
});
afterEach(() => {
  jest.useRealTimers();
});

/** Answers 1, 2, 3 … */
function counting() {
  let count = 0;
  return () => Promise.resolve(++count);
}

describe('what a page keeps asking', () => {
  it('is asked at once and after each pause', async () => {
    const poller = new Poller(counting(), 1000, signal(true));
    const stop = poller.start();
    await jest.advanceTimersByTimeAsync(0);
    expect(poller.data.value).toBe(1);
    await jest.advanceTimersByTimeAsync(2000);
    expect(poller.data.value).toBe(3);
    stop();
    await jest.advanceTimersByTimeAsync(5000);
    expect(poller.data.value).toBe(3);
  });

  it('is not asked while the tab is hidden, and at once when it shows again', async () => {
    const isVisible = signal(true);
    const poller = new Poller(counting(), 1000, isVisible);
    const stop = poller.start();
    await jest.advanceTimersByTimeAsync(0);
    isVisible.value = false;
    await jest.advanceTimersByTimeAsync(60_000);
    expect(poller.data.value).toBe(1);
    isVisible.value = true;
    await jest.advanceTimersByTimeAsync(0);
    expect(poller.data.value).toBe(2);
    stop();
  });

  it('is not asked anew when a tab shows again before the pause is over', async () => {
    const isVisible = signal(true);
    const poller = new Poller(counting(), 1000, isVisible);
    const stop = poller.start();
    await jest.advanceTimersByTimeAsync(0);
    isVisible.value = false;
    isVisible.value = true;
    await jest.advanceTimersByTimeAsync(0);
    expect(poller.data.value).toBe(1);
    stop();
  });

  it('keeps the last answer beside an error, and forgets the error with the next answer', async () => {
    const answers = [Promise.resolve('one'), Promise.reject(new Error('down')), Promise.resolve('two')];
    answers[1]?.catch(() => undefined);
    const poller = new Poller(() => answers.shift() ?? Promise.resolve('three'), 1000, signal(true));
    const stop = poller.start();
    await jest.advanceTimersByTimeAsync(1000);
    expect([poller.data.value, poller.error.value?.message]).toEqual(['one', 'down']);
    await jest.advanceTimersByTimeAsync(1000);
    expect([poller.data.value, poller.error.value]).toEqual(['two', undefined]);
    stop();
  });

  it('takes an older request back when it is asked anew, so that answers cannot overtake each other', async () => {
    const older = Promise.withResolvers<string>();
    let isTakenBack = false;
    const poller = new Poller<string>(
      (request) => {
        request.addEventListener('abort', () => {
          isTakenBack = true;
        });
        return older.promise;
      },
      0,
      signal(true),
    );
    const stop = poller.start();
    await poller.ask(() => Promise.resolve('newer'));
    older.resolve('older');
    await jest.advanceTimersByTimeAsync(0);
    expect([poller.data.value, isTakenBack]).toEqual(['newer', true]);
    stop();
  });

  it('asks once where no pause is given', async () => {
    const poller = new Poller(counting(), 0, signal(true));
    const stop = poller.start();
    await jest.advanceTimersByTimeAsync(60_000);
    expect(poller.data.value).toBe(1);
    await poller.reload();
    expect(poller.data.value).toBe(2);
    stop();
  });
});
