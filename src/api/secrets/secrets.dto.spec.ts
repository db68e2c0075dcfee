import { readFields } from '../../common/input/read-fields.js';
import { SecretValueBody } from './secrets.dto.js';

const parse = (body: unknown) => readFields(SecretValueBody, body).value;

describe('the body of a secret', () => {
  it.each(['x', '0123456789', 'ünï', ' ', '\n', '-----'])('takes %j', (value) => {
    expect(parse({ value })).toBe(value);
  });

  it.each([
    ['value', {}],
    ['value', { value: null }],
    ['value', { value: '' }],
    ['value', { value: 7 }],
    ['value', { value: ['x'] }],
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
    for (const body of [{ value: 'hunter2\0' }, { hunter2: 'x' }, 'hunter2']) {
      expect(() => parse(body)).not.toThrow(/hunter2/);
      expect(() => parse(body)).toThrow();
    }
  });
});
