/** Invalid bytes are an error and not replaced; a byte order mark at the begin is passed over. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON in UTF-8. Throws for anything else. */
export function parseJson(bytes: Uint8Array): unknown {
  return JSON.parse(utf8.decode(bytes)) as unknown;
}
