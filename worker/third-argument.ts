import { sourceOf } from './primordials.js';

const position = 3;

/** Whether a function declares a third parameter. */
export function declaresThirdArgument({ length }: { readonly length: number }): boolean {
  return length >= position;
}

/**
 * Whether a function that declares fewer parameters can reach its third argument all the same: by `arguments`, by rest
 * parameters, or by parameters that do not count because they have defaults. Of one whose text cannot be read, such as
 * a bound one, it is assumed. A yes may be wrong, a no is certain.
 */
export function mayReachThirdArgument(written: (...args: never[]) => unknown): boolean {
  const source = sourceOf(written);
  return source.endsWith('{ [native code] }') || source.includes('arguments') || hasOpenParameters(source);
}

/** Comments and texts come first, so that what looks like code in them is passed over. */
const tokens = /\/\*.*?\*\/|\/\/[^\n]*|(['"`])(?:\\.|(?!\1).)*\1|\.\.\.|=>|[()[\]{}=]/gs;

/** Whether there is a rest or a default in the list of parameters itself, not in what one of them takes apart. */
function hasOpenParameters(source: string): boolean {
  let depth = 0;
  for (const [token] of source.matchAll(tokens)) {
    if ('([{'.includes(token)) depth += 1;
    else if (')]}'.includes(token)) depth -= 1;
    else if (depth === 1 && (token === '...' || token === '=')) return true;
    // The list is over, or there is none around a single parameter.
    if (depth === 0 && (token === ')' || token === '=>')) return false;
  }
  return false;
}
