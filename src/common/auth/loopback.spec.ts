import { isLoopback } from './loopback.js';

describe('isLoopback', () => {
  it.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['::ffff:127.0.0.1', true],
    ['0.0.0.0', false],
    ['::', false],
    ['192.0.2.7', false],
  ])('of %s is %s', (address, loopback) => {
    expect(isLoopback(address)).toBe(loopback);
  });
});
