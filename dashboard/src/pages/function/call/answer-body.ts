import { layOutJson, type JsonToken } from './json-layout.js';

/** What is shown of an answer's body. It is text, whatever it is: nothing that a function answers is ever a document here. */
export type AnswerBody =
  | { readonly kind: 'empty' }
  | { readonly kind: 'json'; readonly tokens: readonly JsonToken[] }
  | { readonly kind: 'text'; readonly text: string; readonly note: string | undefined }
  | { readonly kind: 'bytes'; readonly dump: string; readonly shownBytes: number };

/** More of a text than this helps nobody, and makes the page slow. */
export const shownTextBytes = 256 * 1024;

/** Each coloured token is an element of the page; what is larger is laid out without colours. */
const colouredJsonBytes = 16 * 1024;

const dumpedBytes = 4 * 1024;
const bytesOfRow = 16;

export function answerBodyOf(bytes: Uint8Array, contentType: string | null): AnswerBody {
  if (bytes.length === 0) return { kind: 'empty' };
  const shown = bytes.subarray(0, shownTextBytes);
  const text = utf8(shown, bytes.length > shownTextBytes);
  if (text === undefined) return isTextual(contentType) ? legible(shown) : dumped(bytes);
  if (text.includes('\0') && !isTextual(contentType)) return dumped(bytes);
  const tokens = mayBeJson(contentType) ? layOutJson(text) : undefined;
  if (tokens && bytes.length <= colouredJsonBytes) return { kind: 'json', tokens };
  return { kind: 'text', text: tokens ? tokens.map((token) => token.text).join('') : text, note: undefined };
}

/** The answer is JSON unless the function says otherwise, and what says that it is plain text is shown as it is. */
function mayBeJson(contentType: string | null): boolean {
  return contentType === null || /[/+]json\b/i.test(contentType);
}

function isTextual(contentType: string | null): boolean {
  return contentType !== null && /^\s*text\/|[/+](json|xml|javascript)\b|charset=/i.test(contentType);
}

/** Undefined for what is no UTF-8. A text that was cut may end within a character. */
function utf8(bytes: Uint8Array, isCut: boolean): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes, { stream: isCut });
  } catch {
    return undefined;
  }
}

function legible(bytes: Uint8Array): AnswerBody {
  const text = new TextDecoder('utf-8', { ignoreBOM: true }).decode(bytes);
  return { kind: 'text', text, note: 'Not all of it is UTF-8: what is not is shown as \ufffd.' };
}

function dumped(bytes: Uint8Array): AnswerBody {
  const shown = bytes.subarray(0, dumpedBytes);
  return { kind: 'bytes', dump: hexDump(shown), shownBytes: shown.length };
}

/** Rows of an offset, sixteen bytes, and those of them that are printable ASCII. */
export function hexDump(bytes: Uint8Array): string {
  const rows: string[] = [];
  for (let offset = 0; offset < bytes.length; offset += bytesOfRow) {
    const row = [...bytes.subarray(offset, offset + bytesOfRow)];
    const hex = row.map((byte) => byte.toString(16).padStart(2, '0')).join(' ');
    const ascii = row.map((byte) => (byte >= 0x20 && byte < 0x7f ? String.fromCharCode(byte) : '.')).join('');
    rows.push(`${offset.toString(16).padStart(6, '0')}  ${hex.padEnd(bytesOfRow * 3 - 1)}  ${ascii}`);
  }
  return rows.join('\n');
}
