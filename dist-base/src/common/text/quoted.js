const longestCharacters = 80;
/**
 * Text of somebody else's as it may stand in a sentence or a log line: cut, in quotes, and with everything invisible
 * escaped, since a terminal would obey an escape sequence and a reader would be misled by a bidirectional override.
 */ export function quoted(text) {
    const characters = Array.from(text.toString());
    const cut = characters.length > longestCharacters ? `${characters.slice(0, longestCharacters).join('')}…` : characters.join('');
    return JSON.stringify(cut).replace(/[\p{C}\p{Zl}\p{Zp}]/gu, escapeCodePoint);
}
const mostListed = 5;
/** The first of many names, and how many more there are. */ export function quotedList(names) {
    const listed = names.slice(0, mostListed).map((name)=>quoted(name));
    const more = names.length - listed.length;
    return more > 0 ? `${listed.join(', ')} and ${more} more` : listed.join(', ');
}
function escapeCodePoint(character) {
    return `\\u{${(character.codePointAt(0) ?? 0).toString(16)}}`;
}

//# sourceMappingURL=quoted.js.map