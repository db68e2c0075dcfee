import { safeText } from '../safe-text.js';

/** Longest that a name of the client's own is shown. */
const shownNameLength = 64;

/** A name of the client's own as it may stand in a sentence. */
export function shownName(name: string): string {
  return safeText(name.slice(0, shownNameLength).toWellFormed());
}

/** The sentence, without its end, for a field that there is not, among those there are. */
export function noSuchField(name: string, known: readonly string[]): string {
  const remedy = known.length === 0 ? 'leave it out' : `use ${listedNames(known)}`;
  return `There is no field "${shownName(name)}"; ${remedy}`;
}

export function listedNames(names: readonly string[]): string {
  return names.join(', ').replace(/, (?=[^,]*$)/, ' or ');
}
