import { flag, integer, oneOf, text } from './setting.js';

const described = { variable: 'GLAMBDAR_X', meaning: 'X.' };

describe('integer', () => {
  const setting = integer({ ...described, defaultValue: 5, min: 1, max: 1000 });

  it.each([
    ['1', 1],
    ['1000', 1000],
    ['007', 7],
  ])('reads %j as %d', (given, value) => {
    expect(setting.parse(given)).toBe(value);
  });

  it.each([
    '',
    ' ',
    ' 7',
    '7 ',
    '+7',
    '-7',
    '7.0',
    '1e3',
    '0x10',
    '1_000',
    '0',
    '1001',
    'seven',
    'NaN',
    '9'.repeat(16),
  ])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });

  it('says its rule in words', () => {
    expect(setting.rule).toBe('an integer from 1 to 1000');
  });
});

describe('flag', () => {
  const setting = flag({ ...described, defaultValue: true });

  it('reads exactly true and false', () => {
    expect(setting.parse('true')).toBe(true);
    expect(setting.parse('false')).toBe(false);
  });

  it.each(['', 'TRUE', 'False', '1', '0', 'yes', ' true'])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });
});

describe('oneOf', () => {
  const setting = oneOf({ ...described, defaultValue: 'warm', choices: ['fresh', 'warm'] });

  it('reads its choices', () => {
    expect(setting.parse('fresh')).toBe('fresh');
  });

  it.each(['', 'Fresh', 'fresh ', 'cold'])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });
});

describe('text', () => {
  const setting = text({ ...described, defaultValue: 'a', rule: 'lower-case letters', pattern: /^[a-z]+$/ });

  it('reads what matches', () => {
    expect(setting.parse('abc')).toBe('abc');
  });

  it.each(['', 'A', 'a b'])('refuses %j', (given) => {
    expect(setting.parse(given)).toBeUndefined();
  });
});
