import { ago } from './ago.js';
import { bytes, milliseconds } from './quantities.js';

it.each([
  [0, '0 B'],
  [1023, '1023 B'],
  [1024, '1.00 KiB'],
  [15_000, '14.6 KiB'],
  [700_000, '684 KiB'],
  [64 * 1024 ** 2, '64.0 MiB'],
  [3 * 1024 ** 5, '3072 TiB'],
  [null, null],
])('%s bytes are %s', (count, text) => {
  expect(bytes(count)).toBe(text);
});

it.each([
  [0, '0 ms'],
  [0.126, '0.13 ms'],
  [9.5, '9.5 ms'],
  [37.43, '37 ms'],
  [9999, '9999 ms'],
  [12_340, '12.3 s'],
  [null, null],
])('%s milliseconds are %s', (count, text) => {
  expect(milliseconds(count)).toBe(text);
});

it.each([
  ['2026-03-01T11:59:30Z', 'just now'],
  ['2026-03-01T12:00:30Z', 'just now'],
  ['2026-03-01T11:59:00Z', '1 minute ago'],
  ['2026-03-01T10:59:00Z', '1 hour ago'],
  ['2026-02-28T13:00:00Z', '23 hours ago'],
  ['2025-03-01T12:00:00Z', '365 days ago'],
  ['2026-03-02T12:00:00Z', '2026-03-02T12:00:00.000Z'],
])('%s was %s', (time, text) => {
  expect(ago(new Date(time), new Date('2026-03-01T12:00:00Z'))).toBe(text);
});
