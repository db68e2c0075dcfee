import { deployedFunction } from '../../test/support/builders/functions.js';
import type { FunctionVersion } from '../functions/function.js';
import { surplusVersions } from './version-retention.js';

const { version } = deployedFunction();
const versions = (...numbers: number[]): FunctionVersion[] =>
  numbers.map((number) => ({ ...version, id: `v${number}`, number }));

const surplus = (all: FunctionVersion[], current: number, kept: number) =>
  surplusVersions(all, `v${current}`, kept).map(({ number }) => number);

describe('the versions that are not kept', () => {
  it('are the oldest beyond the limit, besides the current one', () => {
    expect(surplus(versions(1, 2, 3, 4, 5), 5, 2)).toEqual([1, 2]);
    expect(surplus(versions(1, 2, 3), 3, 2)).toEqual([]);
    expect(surplus(versions(1), 1, 1)).toEqual([]);
  });

  it('never are the current one, however old it is, nor the newest, whose number must not come again', () => {
    expect(surplus(versions(1, 2, 3, 4, 5), 1, 1)).toEqual([2, 3, 4]);
    expect(surplus(versions(5, 1, 3, 4, 2), 2, 2)).toEqual([1, 3]);
  });
});
