import { Semaphore, sharedByAll, type Release } from './semaphore.js';
import { Cancellation } from '../time/cancellation.js';

/** The permit, or the promise of one; a shortage fails the test. */
function promised(acquired: ReturnType<Semaphore['acquire']>): Promise<Release> {
  if (typeof acquired === 'string') throw new Error(`There is too little for this: ${acquired}.`);
  return acquired;
}

const semaphoreOf = (permits: number, queue: number) =>
  new Semaphore({ permits: sharedByAll(permits), queue: sharedByAll(queue) });

describe('Semaphore', () => {
  it('gives as many permits as there are', async () => {
    const semaphore = semaphoreOf(2, 0);
    await promised(semaphore.acquire());
    await promised(semaphore.acquire());
    expect(semaphore.held).toBe(2);
    expect(semaphore.acquire()).toBe('total');
  });

  it('lets those in the queue have one, first come, first served', async () => {
    const semaphore = semaphoreOf(1, 2);
    const order: string[] = [];
    const release = await promised(semaphore.acquire());
    const first = promised(semaphore.acquire()).then((next) => (order.push('first'), next));
    const second = promised(semaphore.acquire()).then((next) => (order.push('second'), next));
    expect(semaphore.acquire()).toBe('total');
    release();
    (await first)();
    (await second)();
    expect(order).toEqual(['first', 'second']);
    expect(semaphore.held).toBe(0);
  });

  it('counts a permit that is released twice once', async () => {
    const semaphore = semaphoreOf(2, 0);
    const release = await promised(semaphore.acquire());
    await promised(semaphore.acquire());
    release();
    release();
    expect(semaphore.held).toBe(1);
  });

  it('lets nobody slip in between a release and whoever waits', async () => {
    const semaphore = semaphoreOf(1, 1);
    const release = await promised(semaphore.acquire());
    const waiting = promised(semaphore.acquire());
    release();
    const later = promised(semaphore.acquire());
    (await waiting)();
    (await later)();
    expect(semaphore.held).toBe(0);
  });

  it('forgets who gave up, and has room in the queue for another', async () => {
    const semaphore = semaphoreOf(1, 1);
    const release = await promised(semaphore.acquire());
    const cancellation = new Cancellation();
    const waiting = promised(semaphore.acquire(undefined, cancellation));
    cancellation.cancel(new Error('given up'));
    await expect(waiting).rejects.toThrow('given up');
    const next = promised(semaphore.acquire());
    release();
    (await next)();
    expect(semaphore.held).toBe(0);
  });

  it('keeps each holder to its share, of the permits and of the queue', async () => {
    const semaphore = new Semaphore({ permits: { total: 2, share: 1 }, queue: { total: 2, share: 1 } });
    const release = await promised(semaphore.acquire('a'));
    const second = promised(semaphore.acquire('a'));
    expect(semaphore.acquire('a')).toBe('share');
    const releaseOther = await promised(semaphore.acquire('b'));
    const third = promised(semaphore.acquire('c'));
    releaseOther();
    (await third)();
    expect(semaphore.held).toBe(1);
    release();
    (await second)();
  });
});
