import { parseSecretValue } from './secret-value.js';

const parse = (body: unknown) => parseSecretValue(body, { maxSecretBytes: 10 });

describe('parseSecretValue', () => {
  it.each(['x', '0123456789', 'ünï', ' ', '\n', '-----'])('takes %j', (value) => {
    expect(parse({ value })).toBe(value);
  });

  it.each([
    ['value', {}],
    ['value', { value: null }],
    ['value', { value: '' }],
    ['value', { value: 7 }],
    ['value', { value: ['x'] }],
    ['value', { value: 'x'.repeat(11) }],
    ['value', { value: 'ü'.repeat(6) }],
    ['value', { value: 'a\0b' }],
    ['value', { value: '\ud800' }],
    ['body', { value: 'x', other: 1 }],
    ['body', null],
    ['body', ['x']],
    ['body', 'x'],
  ])('refuses %s, naming it: %j', (field, body) => {
    expect(() => parse(body)).toThrow(
      expect.objectContaining({
        code: 'INVALID_SETTINGS',
        details: expect.objectContaining({ field }) as object,
      }) as Error,
    );
  });

  it('never repeats what was sent', () => {
    for (const body of [{ value: 'hunter2hunter2' }, { hunter2: 'x' }, 'hunter2']) {
      expect(() => parse(body)).not.toThrow(/hunter2/);
      expect(() => parse(body)).toThrow();
    }
  });
});
