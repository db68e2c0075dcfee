import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { functionHere } from './function-here.js';

let workingDirectory: string;
beforeEach(async () => {
  workingDirectory = await mkdtemp(join(tmpdir(), 'here-'));
});
afterEach(() => rm(workingDirectory, { recursive: true }));

describe('the function that a command is about', () => {
  it('is the one that is named', async () => {
    expect(await functionHere('hello', { workingDirectory })).toBe('hello');
  });

  it('is that of the current folder where none is', async () => {
    await writeFile(join(workingDirectory, 'glambdar.json'), '{"name":"shop"}');
    expect(await functionHere(undefined, { workingDirectory })).toBe('shop');
    await writeFile(join(workingDirectory, 'glambdar.json'), '{}');
    expect(await functionHere(undefined, { workingDirectory })).toBe(basename(workingDirectory));
  });

  it.each(['index.js', 'index.mts', 'package.json'])(
    'is that of the current folder where it has a %s',
    async (name) => {
      await writeFile(join(workingDirectory, name), '');
      expect(await functionHere(undefined, { workingDirectory })).toBe(basename(workingDirectory));
    },
  );

  it('has to be named elsewhere', async () => {
    await expect(functionHere(undefined, { workingDirectory })).rejects.toMatchObject({ exitCode: 2 });
  });
});
