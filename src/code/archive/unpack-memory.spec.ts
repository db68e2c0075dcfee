import { execFile } from 'node:child_process';
import { randomFillSync } from 'node:crypto';
import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { deflateRawSync } from 'node:zlib';
import { craftZip } from '../../../test/support/zip.js';
import { defaultLimits } from '../../../test/support/archives/unpacking.js';
import { removeTree } from '../store/directory-tree.js';

const program = fileURLToPath(
  new URL('../../../test/support/archives/measured-unpacking.mjs', import.meta.url),
);
const bytesPerMiB = 1024 * 1024;
const { maxFileBytes, maxRatio } = defaultLimits;

/** As large as a file may be, and nearly as dense. */
function largestContent(): Buffer {
  const content = Buffer.alloc(maxFileBytes);
  const stride = 8192;
  for (let at = 0; at < content.length; at += stride) randomFillSync(content, at, stride / maxRatio);
  return content;
}

let place: string;

beforeAll(async () => {
  place = await mkdtemp(join(tmpdir(), 'glambdar-memory-'));
});

afterAll(() => removeTree(place));

describe('what unpacking takes outside the heap', () => {
  it('is bounded by the largest file, however many of them there are', async () => {
    const content = largestContent();
    const packed = deflateRawSync(content, { level: 1 });
    const archive = join(place, 'upload.zip');
    await writeFile(archive, craftZip(['a', 'b'].map((name) => ({ name, content, packed }))));
    const { stdout } = await promisify(execFile)(process.execPath, [program, archive, join(place, 'code')]);
    const { codeBytes, grownMiB } = JSON.parse(stdout) as { codeBytes: number; grownMiB: number };
    expect(codeBytes).toBe(2 * maxFileBytes);
    // Inflating holds a file twice for a moment. Both files at once would be more than this.
    expect(grownMiB).toBeLessThan((3 * maxFileBytes) / bytesPerMiB);
  });
});
