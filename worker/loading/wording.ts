const longestName = 40;
/** Control characters, and what would be invisible or reverse text on a screen. */
const deceptive = /[\p{C}\p{Zl}\p{Zp}]/gu;
const plain = /^[\w$@./-]+$/;

/** A name that somebody else chose, as it may stand in a sentence: cut, and in quotes and escaped unless it is plain. */
export function shownName(name: string): string {
  const characters = Array.from(name.slice(0, 2 * longestName));
  const cut =
    characters.length > longestName
      ? `${characters.slice(0, longestName - 1).join('')}…`
      : characters.join('');
  if (plain.test(cut.replace(/…$/, ''))) return cut;
  return JSON.stringify(cut).replace(deceptive, (character) => {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
  });
}

/** The first of these texts in a sentence, and how many more there are; not all are known when they are not complete. */
export function listed(texts: readonly string[], most: number, complete = true): string {
  const shown = texts.slice(0, most).join(', ');
  if (!complete) return `${shown} and many more`;
  return texts.length > most ? `${shown} and ${texts.length - most} more` : shown;
}

const [major = ''] = process.versions.node.split('.');

/** How to turn sources that Node.js cannot run into something that it can; `entry` is the handler's file. */
export function howToBundle(entry: string, ...more: string[]): string {
  const outfile = `dist/${entry.replace(/\.\w+$/, '')}.js`;
  const options = ['--bundle', '--platform=node', `--target=node${major}`, ...more];
  return (
    `Bundle it: npx esbuild ${shownName(entry)} ${options.join(' ')} --outfile=${shownName(outfile)}, ` +
    'then deploy the folder dist.'
  );
}
