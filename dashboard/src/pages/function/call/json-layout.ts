/** What a piece of JSON is, for its colour. */
export type JsonKind = 'key' | 'string' | 'number' | 'word' | 'mark';

export interface JsonToken {
  readonly kind: JsonKind;
  readonly text: string;
}

const token = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|[{}[\],:]/g;

/** Deeper values go on at this depth's indentation, or a thousand brackets would be a million spaces. */
const deepestIndent = 40;

/**
 * JSON laid out for people, token by token: a parsed value would show large numbers rounded and of repeated keys only the last. Undefined
 * for what is no JSON.
 */
export function layOutJson(source: string): readonly JsonToken[] | undefined {
  if (!isJson(source)) return undefined;
  const tokens = source.match(token) ?? [];
  const laidOut: JsonToken[] = [];
  let depth = 0;
  const lineBreak = () => `\n${'  '.repeat(Math.min(depth, deepestIndent))}`;
  tokens.forEach((text, index) => {
    const next = tokens[index + 1];
    if (text === '{' || text === '[') {
      depth += 1;
      laidOut.push({ kind: 'mark', text: text + (closes(next) ? '' : lineBreak()) });
    } else if (closes(text)) {
      depth -= 1;
      laidOut.push({ kind: 'mark', text: (opens(tokens[index - 1]) ? '' : lineBreak()) + text });
    } else if (text === ',') laidOut.push({ kind: 'mark', text: `,${lineBreak()}` });
    else if (text === ':') laidOut.push({ kind: 'mark', text: ': ' });
    else laidOut.push({ kind: next === ':' ? 'key' : kindOf(text), text });
  });
  return laidOut;
}

function isJson(source: string): boolean {
  try {
    JSON.parse(source);
    return true;
  } catch {
    return false;
  }
}

const opens = (text: string | undefined) => text === '{' || text === '[';
const closes = (text: string | undefined) => text === '}' || text === ']';

function kindOf(text: string): JsonKind {
  if (text.startsWith('"')) return 'string';
  return /^[-\d]/.test(text) ? 'number' : 'word';
}
