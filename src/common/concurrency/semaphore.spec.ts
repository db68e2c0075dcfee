import { Semaphore } from './semaphore.js';

describe('Semaphore', () => {
  it('hands out as many permits as it has', async () => {
    const semaphore = new Semaphore(2, 0);
    await semaphore.acquire();
    await semaphore.acquire();
    expect(semaphore.held).toBe(2);
    expect(semaphore.acquire()).toBeUndefined();
  });

  it('serves those that wait first come, first served', async () => {
    const semaphore = new Semaphore(1, 2);
    const order: string[] = [];
    const release = await semaphore.acquire();
    const first = semaphore.acquire()!.then((next) => (order.push('first'), next));
    const second = semaphore.acquire()!.then((next) => (order.push('second'), next));
    expect(semaphore.acquire()).toBeUndefined();
    release!();
    (await first)();
    (await second)();
    expect(order).toEqual(['first', 'second']);
    expect(semaphore.held).toBe(0);
  });

  it('counts a permit that is released twice once', async () => {
    const semaphore = new Semaphore(2, 0);
    const release = await semaphore.acquire();
    await semaphore.acquire();
    release!();
    release!();
    expect(semaphore.held).toBe(1);
  });
});
