import { isUtf8 } from 'node:buffer';

/** The characters of code page 437 for the bytes from 128 on; those below are ASCII. */
const codePage437 =
  'ÇüéâäàåçêëèïîìÄÅÉæÆôöòûùÿÖÜ¢£¥₧ƒáíóúñÑªº¿⌐¬½¼¡«»░▒▓│┤╡╢╖╕╣║╗╝╜╛┐└┴┬├─┼╞╟╚╔╩╦╠═╬╧╨╤╥╙╘╒╓╫╪┘┌█▄▌▐▀' +
  'αßΓπΣσµτΦΘΩδ∞φε∩≡±≥≤⌠⌡÷≈°∙·√ⁿ²■\u00a0';

export type NameEncoding = 'utf-8' | 'cp437';

/** Accented names of another code page are practically never valid UTF-8 by chance. */
export function nameEncodingOf(bytes: Buffer): NameEncoding {
  return isUtf8(bytes) ? 'utf-8' : 'cp437';
}

/** The text of a name from an archive, whatever it is in. */
export function nameText(bytes: Buffer): string {
  return nameEncodingOf(bytes) === 'utf-8' ? bytes.toString('utf8') : decodedAsCodePage437(bytes);
}

function decodedAsCodePage437(bytes: Buffer): string {
  return Array.from(bytes, (byte) =>
    byte < 128 ? String.fromCharCode(byte) : codePage437.charAt(byte - 128),
  ).join('');
}
