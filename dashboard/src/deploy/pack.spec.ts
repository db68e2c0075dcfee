import { strFromU8, strToU8, unzipSync } from 'fflate';
import { pack } from './pack.js';

const file = (path: string, text: string) => {
  const content = strToU8(text);
  return { path, size: content.length, read: () => Promise.resolve(content) };
};
const never = new AbortController().signal;

async function bytesOf(blob: Blob) {
  return new Uint8Array(await blob.arrayBuffer());
}

describe('packing code in the page', () => {
  it('makes a zip of every file, and says how far it is', async () => {
    const progress: number[] = [];
    const files = [file('lib/ä.js', 'two'), file('index.js', 'one'), file('empty', '')];
    const zip = unzipSync(await bytesOf(await pack(files, (part) => progress.push(part), never)));
    const content = Object.entries(zip).map(([path, bytes]) => [path, strFromU8(bytes)]);
    expect(content).toEqual([
      ['empty', ''],
      ['index.js', 'one'],
      ['lib/ä.js', 'two'],
    ]);
    expect(progress).toEqual([1 / 3, 2 / 3, 1]);
  });

  it('makes the same zip of the same code, in whatever order the browser lists it', async () => {
    const files = [file('b.js', 'b'), file('a.js', 'a')];
    const one = await bytesOf(await pack(files, () => undefined, never));
    const other = await bytesOf(await pack(files.toReversed(), () => undefined, never));
    expect(one).toEqual(other);
  });

  it('stops when it is cancelled, and when a file cannot be read', async () => {
    const cancelled = AbortSignal.abort();
    await expect(pack([file('a', '')], () => undefined, cancelled)).rejects.toThrow('aborted');
    const gone = { path: 'gone', size: 1, read: () => Promise.reject(new Error('gone')) };
    await expect(pack([gone], () => undefined, never)).rejects.toThrow('gone');
  });
});
