/** A piece of foreign text as it is shown: as it came, or the escape that stands for a character nobody would see. */
export interface TextPiece {
  readonly text: string;
  readonly isEscape: boolean;
}

/**
 * What a function prints can hold anything. Control characters, changes of direction, and characters without a width make a text look
 * like another one, so each is shown as its number; line feed and tab stay where lines are kept, and so do the two that
 * join emoji where they do that.
 */
const invisible = new RegExp(
  '(?:[\\u0000-\\u0008\\u000b-\\u001f\\u007f-\\u009f\\u00ad\\u034f\\u061c\\u115f\\u1160\\u17b4\\u17b5\\u180b-\\u180f' +
    '\\u200b\\u200c\\u200e\\u200f\\u2028-\\u202e\\u2060-\\u206f\\u3164\\ufe00-\\ufe0e\\ufeff\\uffa0\\ufff9-\\ufffb' +
    '\\ud800-\\udfff]|[\\u{e0000}-\\u{e0fff}]|(?<!\\p{Emoji})\\ufe0f|' +
    '(?<!\\p{Emoji}\\ufe0f?)\\u200d|\\u200d(?!\\p{Emoji}))+',
  'gu',
);

/** Each piece is an element of the page; a text made of escapes would have thousands. The rest is one piece. */
const mostPieces = 100;

/** The pieces of at most the first `limit` characters, and how many were left out. */
export function visiblePieces(
  text: string,
  limit = 100_000,
): { readonly pieces: readonly TextPiece[]; readonly omitted: number } {
  const shown = text.length > limit ? text.slice(0, wholeCharacters(text, limit)) : text;
  const pieces: TextPiece[] = [];
  let from = 0;
  for (const { 0: characters, index } of shown.matchAll(invisible)) {
    if (pieces.length >= mostPieces) break;
    if (index > from) pieces.push({ text: shown.slice(from, index), isEscape: false });
    pieces.push({ text: escaped(characters), isEscape: true });
    from = index + characters.length;
  }
  if (from < shown.length) pieces.push({ text: escaped(shown.slice(from)), isEscape: false });
  return { pieces, omitted: text.length - shown.length };
}

/** The same as one text, for titles and attributes. */
export function visibleText(text: string, limit = 1000): string {
  const { pieces, omitted } = visiblePieces(text, limit);
  return pieces.map((piece) => piece.text).join('') + (omitted > 0 ? '…' : '');
}

/** Every character that nobody would see, as its number. */
function escaped(text: string): string {
  return text.replace(invisible, (characters) => Array.from(characters, escapeOf).join(''));
}

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  const digits = code.toString(16);
  return code > 0xffff ? `\\u{${digits}}` : `\\u${digits.padStart(4, '0')}`;
}

/** Never half of a pair of surrogates. */
function wholeCharacters(text: string, limit: number): number {
  const last = text.charCodeAt(limit - 1);
  return last >= 0xd800 && last <= 0xdbff ? limit - 1 : limit;
}
