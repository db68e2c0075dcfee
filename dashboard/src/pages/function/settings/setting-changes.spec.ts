import { settingChanges, shownValue } from './setting-changes.js';

describe('what differs between settings', () => {
  it('is named setting by setting, and variable by variable', () => {
    const before = { memoryMiB: 128, egress: ['a'], environment: { KEPT: '1', GONE: '2', CHANGED: '3' } };
    const after = {
      memoryMiB: 256,
      egress: ['a'],
      environment: { KEPT: '1', CHANGED: '4', NEW: '' },
      build: 'none',
    };
    expect(settingChanges(before, after)).toEqual([
      { field: 'memoryMiB', from: 128, to: 256 },
      { field: 'environment.GONE', from: '2', to: undefined },
      { field: 'environment.CHANGED', from: '3', to: '4' },
      { field: 'environment.NEW', from: undefined, to: '' },
      { field: 'build', from: undefined, to: 'none' },
    ]);
  });

  it('has null and nothing as the same, and an object that is new member by member', () => {
    const before = { cors: null, onFailure: null };
    expect(settingChanges(before, { cors: { origins: ['*'] } })).toEqual([
      { field: 'cors.origins', from: undefined, to: ['*'] },
    ]);
    expect(settingChanges({}, before)).toEqual([]);
  });

  it('is nothing between equals', () => {
    expect(settingChanges({ a: ['x'], b: { c: 'd' } }, { b: { c: 'd' }, a: ['x'] })).toEqual([]);
  });

  it.each([
    [undefined, 'not set'],
    [null, 'not set'],
    ['', 'empty'],
    ['text', 'text'],
    [0, '0'],
    [false, 'false'],
    [[], 'none'],
    [['a', 'b'], 'a, b'],
  ])('shows %j as %j', (value, text) => {
    expect(shownValue(value)).toBe(text);
  });
});
