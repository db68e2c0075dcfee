import { bytes, count, counted, duration, percent } from './units.js';

describe('quantities with their units', () => {
  it.each([
    [0, '0'],
    [1234, '1,234'],
    [12_345, '12.3k'],
    [4_500_000, '4.5M'],
  ])('counts %p as %s', (value, text) => {
    expect(count(value)).toBe(text);
  });

  it.each([
    [0, '0 B'],
    [1023, '1,023 B'],
    [1536, '1.5 KiB'],
    [24 * 1024 ** 2, '24 MiB'],
    [5 * 1024 ** 5, '5,120 TiB'],
  ])('measures %p bytes as %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });

  it.each([
    [0.42, '0.4 ms'],
    [85.2, '85 ms'],
    [999.7, '1 s'],
    [1234, '1.2 s'],
    [59_970, '1 min'],
    [200_000, '3 min 20 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
  ])('takes %p milliseconds for %s', (value, text) => {
    expect(duration(value)).toBe(text);
  });

  it.each([
    [0, '0 %'],
    [0.0002, '< 0.1 %'],
    [0.0034, '0.3 %'],
    [0.123, '12 %'],
    [1, '100 %'],
  ])('calls %p %s', (value, text) => {
    expect(percent(value)).toBe(text);
  });

  it('puts a word into the plural', () => {
    expect([counted(1, 'file'), counted(0, 'file'), counted(2, 'entry', 'entries')]).toEqual([
      '1 file',
      '0 files',
      '2 entries',
    ]);
  });
});
