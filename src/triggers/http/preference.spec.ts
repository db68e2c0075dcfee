import { prefersAsync } from './preference.js';

describe('a request that prefers to be answered before it is done', () => {
  it.each([
    'respond-async',
    'Respond-Async',
    ' respond-async ',
    'respond-async, wait=10',
    'return=minimal,respond-async',
    'respond-async; foo="a, b"',
    'respond-async=""',
    'respond-async=',
    'foo="a, \\" respond", respond-async',
  ])('says %j', (prefer) => {
    expect(prefersAsync(prefer)).toBe(true);
  });

  it.each([
    undefined,
    '',
    'respond-sync',
    'respond-asyncs',
    'xrespond-async',
    'respond-async=no',
    'foo="respond-async"',
    'foo="a, respond-async, b"',
    'return=respond-async',
    'foo; respond-async',
    '"respond-async"',
  ])('does not say %j', (prefer) => {
    expect(prefersAsync(prefer)).toBe(false);
  });

  it('is told apart in no time, whatever it says', () => {
    expect(prefersAsync(`respond-async ${' '.repeat(16_000)}=x${'"\\'.repeat(8000)}`)).toBe(false);
  });
});
