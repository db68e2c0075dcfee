import { settingsFor } from '../../test/support/builders/functions.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { parseFunctionName } from '../functions/function-name.js';
import { FunctionLock } from './function-lock.js';
import { deploymentSettings } from './deployment.settings.js';

const [hello, other] = [parseFunctionName('hello'), parseFunctionName('other')];
let lock: FunctionLock;

beforeEach(() => {
  lock = new FunctionLock(
    settingsFor(deploymentSettings, { queuedChanges: 2 }),
    settingsFor(fairShareSettings),
  );
});

/** That changes of one function wait for each other, and for nobody else's, is in keyed-lock.spec. */
describe('FunctionLock', () => {
  it('refuses what one key would have wait beyond its share, and takes it from others', async () => {
    const of = (keyId: string) => ({ keyId, mayExceedShares: false });
    const first = Promise.withResolvers<string>();
    const changing = [() => first.promise, async () => 2].map((make) =>
      lock.run<unknown>(hello, make, of('a')),
    );
    await expect(lock.run(hello, async () => 3, of('a'))).rejects.toMatchObject({
      code: 'RATE_LIMITED',
      message: expect.stringContaining('Your key has as many changes of this function waiting') as string,
      details: { retryAfterMs: 1000 },
    });
    await expect(lock.run(other, async () => 'done', of('a'))).resolves.toBe('done');
    changing.push(lock.run(hello, async () => 3, of('b')));
    first.resolve('first');
    await expect(Promise.all(changing)).resolves.toEqual(['first', 2, 3]);
    await expect(lock.run(hello, async () => 4, of('a'))).resolves.toBe(4);
  });

  it('refuses what would wait behind more than the limit, and takes it when there is room', async () => {
    const first = Promise.withResolvers<string>();
    const waiting = [1, 2].map((n) => async () => n);
    const changing = [() => first.promise, ...waiting].map((make) => lock.run<unknown>(hello, make));
    await expect(lock.run(hello, async () => 3)).rejects.toMatchObject({
      code: 'OVERLOADED',
      message: expect.stringContaining('Too many changes of this function are already waiting') as string,
      details: { retryAfterMs: 1000 },
    });
    first.resolve('first');
    await Promise.all(changing);
    await expect(lock.run(hello, async () => 3)).resolves.toBe(3);
  });
});
