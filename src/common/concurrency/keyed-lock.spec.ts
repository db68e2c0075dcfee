import { KeyedLock } from './keyed-lock.js';

let lock: KeyedLock<string>;
let done: string[];

beforeEach(() => {
  lock = new KeyedLock({ total: 3, share: 2 }, (shortage) => new Error(`short of ${shortage}`));
  done = [];
});

/** A task that ends when the test says so. */
function task(what: string) {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const run = async () => {
    done.push(`${what} begins`);
    await promise;
    done.push(`${what} ends`);
    return what;
  };
  return {
    run,
    end: () => {
      resolve(undefined);
    },
    fail: reject,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('KeyedLock', () => {
  it('runs the tasks of one key one after the other, in the order of their coming', async () => {
    const [first, second] = [task('first'), task('second')];
    const both = [lock.run('a', first.run), lock.run('a', second.run)];
    second.end();
    await settled();
    expect(done).toEqual(['first begins']);
    first.end();
    await expect(Promise.all(both)).resolves.toEqual(['first', 'second']);
    expect(done).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('does not let one key wait for another', async () => {
    const first = task('first');
    const running = lock.run('a', first.run);
    await expect(lock.run('b', async () => 'done')).resolves.toBe('done');
    first.end();
    await running;
  });

  it('goes on after a task that failed, which alone learns of it', async () => {
    const first = task('first');
    const failing = lock.run('a', first.run);
    const next = lock.run('a', async () => 'next');
    first.fail(new Error('broke'));
    await expect(failing).rejects.toThrow('broke');
    await expect(next).resolves.toBe('next');
  });

  it('refuses what one holder would have beyond its share, and takes it from others', async () => {
    const first = task('first');
    const running = [lock.run<unknown>('a', first.run, 'x'), lock.run<unknown>('a', async () => 2, 'x')];
    await expect(lock.run('a', async () => 3, 'x')).rejects.toThrow('short of share');
    await expect(lock.run('b', async () => 'done', 'x')).resolves.toBe('done');
    running.push(lock.run('a', async () => 3, 'y'));
    await expect(lock.run('a', async () => 4)).rejects.toThrow('short of total');
    first.end();
    await expect(Promise.all(running)).resolves.toEqual(['first', 2, 3]);
    await expect(lock.run('a', async () => 4, 'x')).resolves.toBe(4);
  });
});
