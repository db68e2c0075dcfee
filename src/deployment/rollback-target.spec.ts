import { deployedFunction } from '../../test/support/builders/functions.js';
import type { ErrorCode } from '../common/errors/error-codes.js';
import type { FunctionVersion } from '../functions/function.js';
import { rollbackTarget } from './rollback-target.js';

const { version } = deployedFunction();
const numbered = (number: number): FunctionVersion => ({ ...version, id: `v${number}`, number });
const kept = [1, 3, 4].map(numbered);
const target = (current: number, wanted?: number) => rollbackTarget(kept, numbered(current), wanted).number;
const refused = (code: ErrorCode) =>
  expect.objectContaining({ code, details: { field: 'version' } }) as Error;

describe('the version to go back to', () => {
  it('is the newest before the current one, so that each rollback goes one further', () => {
    expect(target(4)).toBe(3);
    expect(target(3)).toBe(1);
  });

  it('is the one that was wanted, also a later one', () => {
    expect(target(4, 1)).toBe(1);
    expect(target(1, 4)).toBe(4);
  });

  it('must be kept', () => {
    expect(() => target(4, 2)).toThrow(refused('VERSION_NOT_FOUND'));
    expect(() => target(4, 5)).toThrow(/no version 5/);
  });

  it('must be another one', () => {
    expect(() => target(4, 4)).toThrow(refused('NOTHING_TO_ROLL_BACK'));
    expect(() => target(1)).toThrow(refused('NOTHING_TO_ROLL_BACK'));
  });
});
