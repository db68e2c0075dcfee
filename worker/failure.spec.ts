import {
  maxCauses,
  maxErrorMessageLength,
  maxStackLength,
  maxWorkerJsonBytes,
} from '../src/ipc/protocol/limits.js';
import { describeFailure } from './failure.js';

const causesOf = (thrown: unknown) =>
  (describeFailure(thrown).causes ?? []).map((cause) => cause.errorMessage);

function withCode(message: string, code: unknown, options?: ErrorOptions): Error {
  return Object.assign(new Error(message, options), { code });
}

describe('what was thrown', () => {
  it('is reported with all its causes, their codes and their stacks', () => {
    const refused = withCode('connect ECONNREFUSED 10.0.0.1:5432', 'ECONNREFUSED');
    const failure = describeFailure(
      new TypeError('fetch failed', { cause: withCode('no pool', 7, { cause: refused }) }),
    );
    expect(failure).toMatchObject({
      errorType: 'TypeError',
      errorMessage: 'fetch failed: connect ECONNREFUSED 10.0.0.1:5432',
      causes: [
        { errorType: 'Error', errorMessage: 'no pool', code: '7' },
        { errorType: 'Error', errorMessage: 'connect ECONNREFUSED 10.0.0.1:5432', code: 'ECONNREFUSED' },
      ],
    });
    const reported = failure.stack.split('\n').filter((line) => !line.trim().startsWith('at '));
    expect(reported).toEqual([
      'TypeError: fetch failed',
      '  [cause]: Error: no pool',
      '      code: 7',
      '    [cause]: Error: connect ECONNREFUSED 10.0.0.1:5432',
      '        code: ECONNREFUSED',
    ]);
    expect(failure.stack.match(/failure\.spec\.ts/g)?.length).toBeGreaterThanOrEqual(3);
  });

  it('is reported as it is where it has no cause', () => {
    const failure = describeFailure(withCode('alone', 'E_ALONE'));
    expect(failure).toMatchObject({
      errorMessage: 'alone',
      stack: expect.stringMatching(/\n {4}code: E_ALONE$/) as string,
    });
    expect(failure).not.toHaveProperty('causes');
  });

  it('is reported with the errors that it gathers, each before its own causes', () => {
    const gathered = [new Error('first', { cause: new Error('its cause') }), new Error('second')];
    const thrown = new AggregateError(gathered, '', { cause: new Error('of all') });
    expect(causesOf(thrown)).toEqual(['first', 'its cause', 'second', 'of all']);
    expect(describeFailure(thrown).errorMessage).toBe('of all');
    expect(describeFailure(thrown).stack).toContain('  [errors.1]: Error: second');
  });

  it('is reported with what it suppressed', () => {
    const thrown = Object.assign(new Error('both'), {
      name: 'SuppressedError',
      error: new Error('closing failed'),
      suppressed: new Error('the work failed'),
    });
    expect(causesOf(thrown)).toEqual(['closing failed', 'the work failed']);
  });

  it('may be caused by anything', () => {
    expect(causesOf(new Error('a', { cause: 'text' }))).toEqual(['text']);
    expect(causesOf(new Error('a', { cause: { reason: 'x' } }))).toEqual(['{"reason":"x"}']);
    expect(causesOf({ cause: 0 })).toEqual(['0']);
    for (const cause of [undefined, null, () => new Error('asked for')]) {
      expect(causesOf(new Error('a', { cause }))).toEqual([]);
    }
    expect(causesOf('text')).toEqual([]);
  });

  it('does not say a message twice', () => {
    const cause = new Error('disk full');
    expect(describeFailure(new Error('Cannot save: disk full', { cause })).errorMessage).toBe(
      'Cannot save: disk full',
    );
    expect(describeFailure(new Error('disk full', { cause })).errorMessage).toBe('disk full');
  });

  it('keeps of two long messages a part of both', () => {
    const { errorMessage } = describeFailure(
      new Error('a'.repeat(5000), { cause: new Error('b'.repeat(5000)) }),
    );
    expect(errorMessage).toHaveLength(maxErrorMessageLength);
    expect(errorMessage).toMatch(/^a{510}: b{512}$/);
  });
});

describe('causes without end', () => {
  it('are reported once each where they go in circles', () => {
    const a = new Error('a');
    const b = new Error('b', { cause: a });
    a.cause = b;
    expect(causesOf(a)).toEqual(['b']);
    const self = new AggregateError([a], 'self');
    self.errors.push(self);
    expect(causesOf(self)).toEqual(['a', 'b']);
  });

  it.each([
    [
      'a getter that makes them',
      () => {
        const endless = (): object => ({
          message: 'again',
          get cause() {
            return endless();
          },
        });
        return endless();
      },
    ],
    ['a long list', () => new AggregateError(Array.from({ length: 1e5 }, (_, n) => new Error(String(n))))],
    [
      'a list of lists',
      () => {
        const list: unknown[] = [];
        for (let n = 0; n < 99; n += 1) list.push({ errors: list, n });
        return { errors: list };
      },
    ],
  ])('are cut: %s', (_, make) => {
    expect(causesOf(make())).toHaveLength(maxCauses);
  });

  it('fit into a frame, with something of each in the stack, however long they are', () => {
    const long = (n: number): Error =>
      Object.assign(new Error(`${n} ${'\u0001'.repeat(5000)}`, n < 20 ? { cause: long(n + 1) } : {}), {
        code: '\u0001'.repeat(500),
        name: `Long${n}${'\u0001'.repeat(500)}`,
        stack: `stack ${n}\n${'\u0001'.repeat(50_000)}`,
      });
    const failure = describeFailure(long(0));
    expect(failure.stack.length).toBeLessThanOrEqual(maxStackLength);
    for (let n = 0; n <= maxCauses; n += 1) expect(failure.stack).toContain(`stack ${n}`);
    expect(Buffer.byteLength(JSON.stringify(failure))).toBeLessThan(maxWorkerJsonBytes - 512);
  });

  it('that cannot be read are passed over', () => {
    const hostile = new Proxy(new Error('hidden'), {
      get() {
        throw new Error('no');
      },
    });
    expect(causesOf(new Error('a', { cause: hostile }))).toEqual(['The thrown value cannot be read.']);
    const throwing = {
      message: 'kept',
      get cause() {
        throw new Error('no');
      },
      errors: new Proxy([], {
        get() {
          throw new Error('no');
        },
      }),
    };
    expect(describeFailure(throwing)).toMatchObject({ errorMessage: 'kept' });
    const { proxy, revoke } = Proxy.revocable([], {});
    revoke();
    expect(causesOf({ message: 'a', errors: proxy })).toEqual([]);
  });
});
