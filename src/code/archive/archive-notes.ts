import { quoted } from './archive-refusal.js';

const mostNamesShown = 3;

/** What whoever sent an archive should know of how it was read; one sentence each. */
export function archiveNotes(rootFolder: readonly string[], guessedNames: readonly string[]): string[] {
  const notes: string[] = [];
  if (rootFolder.length > 0) {
    notes.push(`The folder ${quoted(rootFolder.join('/'))} of the archive was taken as its root.`);
  }
  if (guessedNames.length > 0) {
    notes.push(
      `Names that are not UTF-8 were read as code page 437, as the zip format says: ${listed(guessedNames)}. ` +
        'If they look wrong, pack again with UTF-8 names, in 7-Zip with the parameter cu=on.',
    );
  }
  return notes;
}

function listed(names: readonly string[]): string {
  const shown = names.slice(0, mostNamesShown).map(quoted).join(', ');
  const more = names.length - mostNamesShown;
  return more > 0 ? `${shown} and ${more} more` : shown;
}
