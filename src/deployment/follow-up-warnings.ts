import { parseFunctionName } from '../functions/function-name.js';
import type { FunctionRegistry } from '../functions/function-registry.js';
import type { DeployedFunction } from '../functions/function.js';

/** One sentence for each of a function's settings `onSuccess` and `onFailure` that leads nowhere, or in a circle. */
export function followUpWarnings(
  { name, settings }: Pick<DeployedFunction, 'name' | 'settings'>,
  functions: Pick<FunctionRegistry, 'find'>,
): string[] {
  return (['onSuccess', 'onFailure'] as const).flatMap((setting) => {
    const named = settings[setting];
    if (named === null) return [];
    if (named === name)
      return [
        `The setting ${setting}: "${named}" is the function itself, whose events would follow one another until the chain is refused.`,
      ];
    if (functions.find(parseFunctionName(named))) return [];
    return [
      `The setting ${setting}: there is no function named "${named}"; deploy it, or events will not be followed up.`,
    ];
  });
}
