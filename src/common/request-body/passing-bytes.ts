const bytesBetweenCollections = 1024 * 1024;

/**
 * Counts bytes that pass through this process, each read of a socket in a buffer of its own. The buffers are outside
 * the heap but count against its limit until the young generation is next collected, and what passes makes few objects
 * that would bring that about: instead the whole heap would be collected, several times for one large upload, and each
 * time the calls of others would stand still. So the young generation, which takes half a millisecond, comes first.
 *
 * Node.js offers this with `--expose-gc`, which `npm start` sets; without it the bytes are only counted.
 */
export class PassingBytes {
  private sinceCollection = 0;

  constructor(private readonly collectYoung = youngCollection()) {}

  add(bytes: number): void {
    this.sinceCollection += bytes;
    if (this.sinceCollection < bytesBetweenCollections) return;
    this.sinceCollection = 0;
    this.collectYoung?.();
  }
}

function youngCollection(): (() => void) | undefined {
  const collect = globalThis.gc;
  if (collect === undefined) return undefined;
  return () => {
    collect({ type: 'minor' });
  };
}
