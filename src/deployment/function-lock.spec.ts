import { settingsFor } from '../../test/support/builders/functions.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { parseFunctionName } from '../functions/function-name.js';
import { FunctionLock } from './function-lock.js';
import { deploymentSettings } from './deployment.settings.js';

const [hello, other] = [parseFunctionName('hello'), parseFunctionName('other')];
let lock: FunctionLock;
let done: string[];

beforeEach(() => {
  lock = new FunctionLock(
    settingsFor(deploymentSettings, { queuedChanges: 2 }),
    settingsFor(fairShareSettings),
  );
  done = [];
});

/** A change that ends when the test says so. */
function change(what: string) {
  const { promise, resolve, reject } = Promise.withResolvers<undefined>();
  const make = async () => {
    done.push(`${what} begins`);
    await promise;
    done.push(`${what} ends`);
    return what;
  };
  return {
    make,
    end: () => {
      resolve(undefined);
    },
    fail: reject,
  };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('FunctionLock', () => {
  it('lets changes of one function happen one after the other, in the order of their coming', async () => {
    const [first, second] = [change('first'), change('second')];
    const both = [lock.run(hello, first.make), lock.run(hello, second.make)];
    second.end();
    await settled();
    expect(done).toEqual(['first begins']);
    first.end();
    await expect(Promise.all(both)).resolves.toEqual(['first', 'second']);
    expect(done).toEqual(['first begins', 'first ends', 'second begins', 'second ends']);
  });

  it('does not let one function wait for another', async () => {
    const first = change('first');
    const changing = lock.run(hello, first.make);
    await expect(lock.run(other, async () => 'done')).resolves.toBe('done');
    first.end();
    await changing;
  });

  it('goes on after a change that failed, which alone learns of it', async () => {
    const first = change('first');
    const failing = lock.run(hello, first.make);
    const next = lock.run(hello, async () => 'next');
    first.fail(new Error('broke'));
    await expect(failing).rejects.toThrow('broke');
    await expect(next).resolves.toBe('next');
  });

  it('lock away what one key would have wait beyond its share, and takes it from others', async () => {
    const of = (keyId: string) => ({ keyId, mayExceedShares: false });
    const first = change('first');
    const changing = [first.make, async () => 2].map((make) => lock.run<unknown>(hello, make, of('a')));
    await expect(lock.run(hello, async () => 3, of('a'))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      details: { retryAfterMs: 1000 },
    });
    await expect(lock.run(other, async () => 'done', of('a'))).resolves.toBe('done');
    changing.push(lock.run(hello, async () => 3, of('b')));
    first.end();
    await expect(Promise.all(changing)).resolves.toEqual(['first', 2, 3]);
    await expect(lock.run(hello, async () => 4, of('a'))).resolves.toBe(4);
  });

  it('lock away what would wait behind more than the limit, and takes it when there is room', async () => {
    const first = change('first');
    const waiting = [1, 2].map((n) => async () => n);
    const changing = [first.make, ...waiting].map((make) => lock.run<unknown>(hello, make));
    await expect(lock.run(hello, async () => 3)).rejects.toMatchObject({
      code: 'OVERLOADED',
      details: { retryAfterMs: 1000 },
    });
    first.end();
    await Promise.all(changing);
    await expect(lock.run(hello, async () => 3)).resolves.toBe(3);
  });
});
