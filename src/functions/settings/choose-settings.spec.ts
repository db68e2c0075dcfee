import { mergePatch, patchChosen } from './choose-settings.js';

describe('mergePatch', () => {
  // The examples of RFC 7396, appendix A, as far as their patches are objects.
  it.each([
    ['{"a":"b"}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'],
    ['{"a":"b"}', '{"a":null}', '{}'],
    ['{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'],
    ['{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'],
    ['{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'],
    ['{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'],
    ['{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'],
    ['{"e":null}', '{"a":1}', '{"e":null,"a":1}'],
    ['[1,2]', '{"a":"b","c":null}', '{"a":"b"}'],
    ['{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}'],
  ])('makes of %s with %s %s', (target, patch, result) => {
    expect(mergePatch(JSON.parse(target), JSON.parse(patch) as object)).toEqual(JSON.parse(result));
  });

  it('takes a member called __proto__ for a member', () => {
    const merged = mergePatch({}, JSON.parse('{"__proto__":{"a":1}}') as object);
    expect(Object.keys(merged)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(merged)).toBe(Object.prototype);
  });
});

describe('patchChosen', () => {
  const chosen = {
    environment: { A: '1' },
    schedules: { nightly: { cron: '0 3 * * *', timeZone: 'UTC' }, often: { every: '10m' } },
  };

  it.each([
    [
      'a schedule as a whole',
      { nightly: { every: '1h' } },
      { ...chosen.schedules, nightly: { every: '1h' } },
    ],
    ['another schedule', { b: { every: '1h' } }, { ...chosen.schedules, b: { every: '1h' } }],
    ['a schedule away', { nightly: null }, { often: { every: '10m' } }],
    [
      'a payload with all its members, null among them',
      { often: { every: '1h', payload: { a: null } } },
      { ...chosen.schedules, often: { every: '1h', payload: { a: null } } },
    ],
  ])('sets %s', (_, schedules, expected) => {
    expect(patchChosen(chosen, { schedules })).toEqual({ ...chosen, schedules: expected });
  });

  it('takes a variable called schedules for a variable', () => {
    expect(patchChosen(chosen, { environment: { schedules: 'x' } })).toMatchObject({
      environment: { A: '1', schedules: 'x' },
    });
  });

  it.each([
    [undefined, { retry: { maxAttempts: 5 } }, { retry: { maxAttempts: 5 } }],
    [
      { retry: { maxAttempts: 5, maxAgeSeconds: 60 } },
      { retry: { maxAttempts: null } },
      { retry: { maxAgeSeconds: 60 } },
    ],
    [
      { cors: { origins: ['*'], maxAgeSeconds: 5 } },
      { cors: { maxAgeSeconds: 6 } },
      { cors: { origins: ['*'], maxAgeSeconds: 6 } },
    ],
    [{ cors: { origins: ['*'] } }, { cors: null }, {}],
  ])('makes of %j with %j %j', (before, patch, after) => {
    expect(patchChosen(before, patch)).toEqual(after);
  });
});
