import { DomainError } from '../common/errors/domain-error.js';
import type { FunctionVersion } from '../functions/function.js';

/**
 * The version to go back to: the wanted one, or the newest that is older than the current one. Throws
 * `VERSION_NOT_FOUND` or `NOTHING_TO_ROLL_BACK`.
 */
export function rollbackTarget(
  versions: readonly FunctionVersion[],
  current: FunctionVersion,
  wanted: number | undefined,
): FunctionVersion {
  if (wanted === current.number) {
    throw nothingToRollBack(`Version ${wanted} is already the current one; choose another version.`);
  }
  if (wanted === undefined) return newestBefore(current, versions);
  const target = versions.find(({ number }) => number === wanted);
  if (target) return target;
  throw new DomainError(
    'VERSION_NOT_FOUND',
    `The function has no version ${wanted}; GET /versions/:name lists those that are kept.`,
    { field: 'version' },
  );
}

function newestBefore(current: FunctionVersion, versions: readonly FunctionVersion[]): FunctionVersion {
  const earlier = versions.filter(({ number }) => number < current.number);
  const target = earlier.sort((a, b) => b.number - a.number)[0];
  if (target) return target;
  throw nothingToRollBack(
    `No version before ${current.number} is kept; name the version to go to, or deploy the code again.`,
  );
}

function nothingToRollBack(message: string): DomainError {
  return new DomainError('NOTHING_TO_ROLL_BACK', message, { field: 'version' });
}
