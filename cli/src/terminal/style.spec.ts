import { colored, hasColors, plain } from './style.js';

describe('colours', () => {
  it.each([
    ['on a terminal', {}, true, true],
    ['not in a pipe', {}, false, false],
    ['not with NO_COLOR', { NO_COLOR: '1' }, true, false],
    ['with NO_COLOR that is empty', { NO_COLOR: '' }, true, true],
    ['in a pipe with FORCE_COLOR', { FORCE_COLOR: '1' }, false, true],
    ['not with FORCE_COLOR=0', { FORCE_COLOR: '0' }, true, false],
    ['not with FORCE_COLOR=false', { FORCE_COLOR: 'false' }, true, false],
    ['not with both: NO_COLOR has the last word', { NO_COLOR: '1', FORCE_COLOR: '1' }, true, false],
    ['not on a dumb terminal', { TERM: 'dumb' }, true, false],
  ] as const)('are there %s', (_case, environment, isTTY, expected) => {
    expect(hasColors(environment, { isTTY })).toBe(expected);
  });

  it('end where the text does, and nothing is written for none', () => {
    expect([colored('red', 'no'), colored('red', ''), plain('red', 'no')]).toEqual([
      '\u001b[31mno\u001b[39m',
      '',
      'no',
    ]);
  });
});
