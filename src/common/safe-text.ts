/**
 * Characters that JSON lets stand and a terminal or an editor obeys: DEL and the C1 controls (among them a second way to
 * begin an escape sequence), the separators that some take for line ends, what turns the direction of text, and the
 * invisible ones.
 */
const unsafe = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The other controls, the tab excepted, which JSON escapes by itself. */
const otherControls = /[^\P{Cc}\t]/gu;

/** The same JSON once it is parsed, and nothing but text until then. */
export function escapeUnsafe(json: string): string {
  return json.replace(unsafe, escaped);
}

/** For people: what a terminal would obey is written as JSON would write it, and nothing ends the line. */
export function safeText(text: string): string {
  return escapeUnsafe(text).replace(otherControls, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}

const longestCharacters = 80;

/**
 * Text of somebody else's as it may stand in a sentence or a log line: cut, in quotes, and with everything invisible
 * escaped, since a terminal would obey an escape sequence and a reader would be misled by a bidirectional override.
 */
export function quoted(text: string | Buffer): string {
  const characters = Array.from(text.toString());
  const cut =
    characters.length > longestCharacters
      ? `${characters.slice(0, longestCharacters).join('')}…`
      : characters.join('');
  return JSON.stringify(cut).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCodePoint);
}

const mostListed = 5;

/** The first of many names, and how many more there are. */
export function quotedList(names: readonly string[]): string {
  const listed = names.slice(0, mostListed).map((name) => quoted(name));
  const more = names.length - listed.length;
  return more > 0 ? `${listed.join(', ')} and ${more} more` : listed.join(', ');
}

function escapeCodePoint(character: string): string {
  return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}
