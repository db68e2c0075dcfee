import { logFormatFor } from './log-format.js';

describe('the format of the log', () => {
  it.each([
    ['auto', true, {}, 'colored-text'],
    ['auto', false, {}, 'json'],
    ['json', true, {}, 'json'],
    ['text', false, {}, 'text'],
    ['text', true, {}, 'colored-text'],
    ['auto', true, { NO_COLOR: '1' }, 'text'],
    ['auto', true, { NO_COLOR: '' }, 'colored-text'],
    ['auto', true, { TERM: 'dumb' }, 'text'],
    ['auto', false, { NO_COLOR: '1' }, 'json'],
  ] as const)(
    'set to %s, at a terminal (%s), with %j, is %s',
    (logFormat, isTerminal, environment, format) => {
      expect(logFormatFor({ logFormat }, { isTerminal, environment })).toBe(format);
    },
  );
});
