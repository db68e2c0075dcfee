import { bytesOf, headersOf } from './event-result.js';

const result = { status: 200, headers: {}, body: 'é', isBase64Encoded: false, bytes: 2 };

describe('the result of an event', () => {
  it.each([
    [{ ...result }, [0xc3, 0xa9]],
    [{ ...result, body: '/wA=', isBase64Encoded: true }, [0xff, 0]],
    [{ ...result, body: '' }, []],
  ])('%j has the bytes %j', (given, bytes) => {
    expect([...(bytesOf(given) ?? [])]).toEqual(bytes);
  });

  it('may have a body that was not kept', () => {
    expect(bytesOf({ ...result, body: null })).toBeUndefined();
  });

  it('shows each value of a header', () => {
    expect(headersOf({ ...result, headers: { a: '1', 'set-cookie': ['x=1', 'y=2'] } })).toEqual([
      ['a', '1'],
      ['set-cookie', 'x=1'],
      ['set-cookie', 'y=2'],
    ]);
  });
});
