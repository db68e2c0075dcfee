/**
 * Characters that JSON lets stand and a terminal or an editor obeys: DEL and the C1 controls (among them a second way to
 * begin an escape sequence), the separators that some take for line ends, what turns the direction of text, and the
 * invisible ones.
 */
const unsafe = /[\u007f-\u009f\u00ad\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb]/g;

/** The other controls, the tab excepted, which JSON escapes by itself. */
const controls = /[^\P{Cc}\t]/gu;
const controlsInLine = /[^\P{Cc}\t\n]/gu;

/** One line of somebody else's text: whatever a terminal would obey is written as JSON writes it. */
export function safeLine(text: string): string {
  return text.replace(unsafe, escaped).replace(controls, escaped);
}

/** The same for text of several lines, which stay lines. */
export function safeLines(text: string): string {
  return text.replace(/\r\n/g, '\n').replace(unsafe, escaped).replace(controlsInLine, escaped);
}

/** JSON that is nothing but text until it is parsed, and then the very value. */
export function safeJson(value: unknown, indent = 0): string {
  return JSON.stringify(value, null, indent).replace(unsafe, escaped);
}

function escaped(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
