import type { FunctionMetadata } from '@glambdar/client';
import { found, rowsOf } from './rows.js';

const metadata = (name: string): FunctionMetadata => ({
  name,
  createdAt: '2026-05-01T12:00:00Z',
  lastInvokedAt: null,
  invokeCount: 0,
  version: 1,
  sha256: '',
  codeBytes: 1,
  fileCount: 1,
  state: 'active',
  runtime: 'nodejs24.x',
  isolation: 'fresh',
  minContainers: 0,
  maxContainers: 1,
  idleTimeoutSeconds: 60,
});
const stats = [
  {
    name: 'shop',
    calls: 8,
    errors: 2,
    p50Ms: 1,
    p99Ms: 2,
    lastCallAt: '2026-05-01T12:00:00Z',
    sparkline: [3, 5],
  },
];

describe('the list of functions', () => {
  it('has the numbers of each function, and zeros for those that nobody called', () => {
    const rows = rowsOf([metadata('shop'), metadata('idle')], stats);
    expect(rows.map(({ name, calls, errorRate, sparkline }) => [name, calls, errorRate, sparkline])).toEqual([
      ['shop', 8, 0.25, [3, 5]],
      ['idle', 0, null, []],
    ]);
  });

  it('knows no numbers where the key may not', () => {
    expect(rowsOf([metadata('shop')], undefined)[0]).toMatchObject({
      calls: undefined,
      sparkline: undefined,
    });
  });

  it('is searched for all words of a search in any order and case', () => {
    const rows = rowsOf([metadata('Shop-Till'), metadata('till'), metadata('shop')], undefined);
    const names = (search: string) => found(rows, search).map(({ name }) => name);
    expect(names(' TILL  shop')).toEqual(['Shop-Till']);
    expect(names('')).toHaveLength(3);
    expect(names('x')).toEqual([]);
  });
});
