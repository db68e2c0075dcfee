/** Text in quotes says nothing of what the header asks for. */
const quotedText = /"(?:[^"\\]|\\.)*"/g;

/** Alone: with a value other than an empty one it means nothing (RFC 7240, section 2). */
const respondAsync = /^respond-async\s*(?:=\s*(?:"")?)?$/i;

/** Whether a header `Prefer` (RFC 7240) asks for an answer before the work is done. Repeated headers arrive as one, joined by commas. */
export function prefersAsync(prefer: string | readonly string[] | undefined): boolean {
  if (prefer === undefined) return false;
  return String(prefer)
    .replace(quotedText, (text) => (text === '""' ? text : '"-"'))
    .split(',')
    .some((preference) => respondAsync.test((preference.split(';', 1)[0] ?? '').trim()));
}
