import { readFile } from 'node:fs/promises';
import { softwareVersion } from './software-version.js';

describe('the version of this software', () => {
  it('is that of its package', async () => {
    const text = await readFile(new URL('../../package.json', import.meta.url), 'utf8');
    expect(softwareVersion).toBe((JSON.parse(text) as { version: string }).version);
  });
});
