import { isDeeperThan } from '../json-depth.js';

/** Deepest nesting of JSON that a client sends. Whatever is done with it afterwards may then be done by recursion. */
export const maxBodyDepth = 100;

/** Invalid bytes are an error and not replaced; a byte order mark at the begin is passed over. */
const utf8 = new TextDecoder('utf-8', { fatal: true });

/** JSON in UTF-8. Throws for anything else, and for what is nested too deep. */
export function parseJson(bytes: Uint8Array): unknown {
  if (isDeeperThan(bytes, maxBodyDepth)) throw new SyntaxError('The JSON is nested too deep.');
  return JSON.parse(utf8.decode(bytes)) as unknown;
}
