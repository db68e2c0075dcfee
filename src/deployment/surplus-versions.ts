import type { FunctionVersion } from '../functions/function.js';

/**
 * The versions that are not kept any longer: all but the current one and the `kept` newest of the others. With at least
 * one kept, the newest of all stays, so that no number is ever given twice.
 */
export function surplusVersions(
  versions: readonly FunctionVersion[],
  currentId: string,
  kept: number,
): FunctionVersion[] {
  const others = versions.filter(({ id }) => id !== currentId).sort((a, b) => a.number - b.number);
  return others.slice(0, Math.max(0, others.length - kept));
}
