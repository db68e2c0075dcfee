import { fingerprintOf, idempotencyKeyOf, orderingKeyOf } from './request-keys.js';

const requestWith = (name: string, values: string[]) => ({
  headersDistinct: values.length === 0 ? {} : { [name]: values },
});

const long = 'k'.repeat(255);

describe('the key of an idempotent request', () => {
  const keyOf = (...values: string[]) => idempotencyKeyOf(requestWith('idempotency-key', values));

  it.each([
    ['"8e03978e-40d5-43dd-bc93-6894a57f9324"', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['8e03978e-40d5-43dd-bc93-6894a57f9324', '8e03978e-40d5-43dd-bc93-6894a57f9324'],
    ['"a b, c; d"', 'a b, c; d'],
    [String.raw`"a\"b\\c"`, String.raw`a"b\c`],
    [String.raw`a\b`, String.raw`a\b`],
    ['"key"; version=1', 'key'],
    [`"${long}"`, long],
    [long, long],
  ])('in %j is %j', (header, key) => {
    expect(keyOf(header)).toBe(key);
  });

  it('is missing without the header', () => {
    expect(keyOf()).toBeUndefined();
  });

  it.each([
    '',
    '""',
    '"',
    '"a',
    'a"',
    '"a"b',
    String.raw`"a\n"`,
    'a b',
    'a,b',
    'a;b',
    '"ü"',
    'ü',
    '"a\tb"',
    `"${long}k"`,
    `${long}k`,
    '"a", "b"',
  ])('is refused where it is %j', (header) => {
    expect(() => keyOf(header)).toThrow(
      'Idempotency-Key must be 1 to 255 printable ASCII characters, in quotes, or without quotes and spaces.',
    );
  });

  it('is given once', () => {
    expect(() => keyOf('a', 'b')).toThrow('Idempotency-Key must be given once.');
    expect(() => keyOf('a', 'a')).toThrow('Idempotency-Key must be given once.');
  });
});

describe('the key of events in order', () => {
  const keyOf = (...values: string[]) => orderingKeyOf(requestWith('x-ordering-key', values));

  it.each(['customer-7', 'a, b', '"a"', long])('may be %j', (header) => {
    expect(keyOf(header)).toBe(header);
  });

  it.each(['', 'ü', 'a\tb', `${long}k`])('may not be %j', (header) => {
    expect(() => keyOf(header)).toThrow('X-Ordering-Key must be 1 to 255 printable ASCII characters.');
  });

  it('is given once, or not at all', () => {
    expect(keyOf()).toBeUndefined();
    expect(() => keyOf('a', 'b')).toThrow('X-Ordering-Key must be given once.');
  });
});

describe('the fingerprint of a request', () => {
  const request = {
    method: 'POST',
    rawPath: '/orders',
    rawQueryString: 'a=1',
    contentType: 'application/json',
    body: Buffer.from('{}'),
  };

  it('is that of the same request', () => {
    expect(fingerprintOf({ ...request, body: Buffer.from('{}') })).toBe(fingerprintOf(request));
    expect(fingerprintOf(request)).toMatch(/^[0-9a-f]{64}$/);
  });

  it.each([
    { method: 'PUT' },
    { rawPath: '/orders/' },
    { rawQueryString: 'a=2' },
    { rawQueryString: '' },
    { contentType: 'text/plain' },
    { contentType: undefined },
    { body: Buffer.from('{ }') },
    { rawPath: '/orders\na=1', rawQueryString: '' },
  ])('is another one with %j', (change) => {
    expect(fingerprintOf({ ...request, ...change })).not.toBe(fingerprintOf(request));
  });
});
