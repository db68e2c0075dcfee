import { readFile } from 'node:fs/promises';
import { commandLinePage } from '../reference.js';

describe('docs/cli.md', () => {
  it('says what the program has. Run `npm run build && node scripts/docs.mjs` and commit what it wrote.', async () => {
    const committed = await readFile(new URL('../../../docs/cli.md', import.meta.url), 'utf8');
    expect(committed).toBe(commandLinePage());
  });
});
