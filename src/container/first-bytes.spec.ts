import { FirstBytes } from './first-bytes.js';

describe('FirstBytes', () => {
  it('keeps what comes first, in whatever pieces it comes, and says how much of each it keeps', () => {
    const first = new FirstBytes(5);
    expect(['ab', '', 'c', 'defg', 'h'].map((text) => first.append(Buffer.from(text)))).toEqual([
      2, 0, 1, 2, 0,
    ]);
    expect(first.bytes().toString()).toBe('abcde');
  });

  it('begins anew when it is cleared', () => {
    const first = new FirstBytes(5);
    first.append(Buffer.from('abcdef'));
    first.clear();
    expect(first.length).toBe(0);
    first.append(Buffer.from('xyz'));
    expect(first.bytes().toString()).toBe('xyz');
  });

  it('takes no more memory than twice what it holds, byte by byte', () => {
    const first = new FirstBytes(1024 * 1024);
    const before = process.memoryUsage().arrayBuffers;
    const byte = Buffer.from('x');
    for (let count = 0; count < 600_000; count += 1) first.append(byte);
    expect(first.length).toBe(600_000);
    expect(first.bytes().buffer.byteLength).toBeLessThanOrEqual(2 * 600_000);
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(4 * 1024 * 1024);
  });
});
