const lineFeed = 0x0a;

/** Line feeds in the bytes. A plain loop, because there may be as many as there are bytes. */
export function countLines(bytes: Buffer): number {
  let count = 0;
  for (const byte of bytes) if (byte === lineFeed) count += 1;
  return count;
}

/** The bytes up to the end of their `lines`-th line, and how many lines that is; all of them where there are fewer. */
export function firstLines(bytes: Buffer, lines: number): { readonly bytes: Buffer; readonly lines: number } {
  let end = 0;
  for (let count = 0; count < lines; count += 1) {
    const at = bytes.indexOf(lineFeed, end);
    if (at < 0) return { bytes, lines: count };
    end = at + 1;
  }
  return { bytes: bytes.subarray(0, end), lines };
}

/** The last `lines` lines of the bytes: the last counts as one also where nothing ends it. */
export function lastLines(bytes: Buffer, lines: number): Buffer {
  let start = bytes.length;
  for (let count = 0; count < lines; count += 1) {
    if (start === 0) return bytes;
    // The line feed right before `start` ends the line that is looked for.
    start = start === 1 ? 0 : bytes.lastIndexOf(lineFeed, start - 2) + 1;
  }
  return bytes.subarray(start);
}
