import { batchesOf } from './code-batches.js';
import { parseFunctionName } from '../../functions/function-name.js';

const name = parseFunctionName('hello');
const versions = (...sizes: number[]) =>
  sizes.map((codeBytes, index) => ({ name, versionId: `v${index}`, codeSha256: 'c', codeBytes }));
const sizesOf = (...sizes: number[]) =>
  [...batchesOf(versions(...sizes))].map((batch) => batch.map(({ codeBytes }) => codeBytes));

const mebibyte = 1024 * 1024;

describe('batches of versions', () => {
  it('keep their order, and hold at most 64 MiB', () => {
    expect(sizesOf(40 * mebibyte, 24 * mebibyte, 1, 2)).toEqual([
      [40 * mebibyte, 24 * mebibyte],
      [1, 2],
    ]);
    expect(sizesOf()).toEqual([]);
  });

  it('let what is larger be one of its own', () => {
    expect(sizesOf(1, 500 * mebibyte, 2)).toEqual([[1], [500 * mebibyte], [2]]);
  });

  it('hold at most 128 versions', () => {
    expect([...batchesOf(versions(...Array<number>(300).fill(1)))].map(({ length }) => length)).toEqual([
      128, 128, 44,
    ]);
  });
});
