import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFunctionFile } from './function-file.js';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'glambdar-file-'));
});
afterEach(() => rm(directory, { recursive: true }));

async function read(content: string | object) {
  const text = typeof content === 'string' ? content : JSON.stringify(content);
  await writeFile(join(directory, 'glambdar.json'), text);
  return readFunctionFile(directory);
}

describe('glambdar.json', () => {
  it('need not be there', async () => {
    expect(await readFunctionFile(directory)).toBeUndefined();
  });

  it('says how the function is called and set', async () => {
    const file = {
      $schema: 'https://unpkg.com/glambdar/glambdar.schema.json',
      name: 'hello',
      settings: { timeoutSeconds: 5, environment: { A: 'b', C: null }, egress: ['public'], memoryMiB: null },
    };
    expect(await read(file)).toEqual(file);
    expect(await read(`\ufeff${JSON.stringify({ name: 'x' })}`)).toEqual({ name: 'x' });
  });

  it('names every field that is wrong, its rule, and what to do', async () => {
    const reading = read({ nmae: 'x', name: '-', settings: { timeout: 5, memoryMiB: 'much' } });
    await expect(reading).rejects.toMatchObject({
      exitCode: 1,
      message: expect.stringMatching(
        /^glambdar\.json is not valid:\n {2}nmae is not known\. Known are \$schema, name, settings\.\n {2}name must be text that matches .*, not "-"\.\n {2}settings\.timeout is not known\. Known are description, runtime, .*\n {2}settings\.memoryMiB must be a whole number from 64 to 1048576 or null, not "much"\.$/,
      ) as string,
      hint: 'Correct it. Nothing was sent.',
    });
  });

  it('lists no more problems than a person reads', async () => {
    const many = Object.fromEntries(Array.from({ length: 12 }, (_, at) => [`field${at}`, 1]));
    await expect(read(many)).rejects.toThrow(/\n {2}and 2 more$/);
  });

  it.each(['', '{', '{"name":"a",}', '// x\n{}'])('is JSON, not %j', async (text) => {
    await expect(read(text)).rejects.toThrow('glambdar.json is not JSON');
  });

  it.each(['[]', '"x"', 'null', '1'])('is an object, not %s', async (text) => {
    await expect(read(text)).rejects.toThrow(`The file must be an object, not ${text}.`);
  });

  it('has a size that a person has written', async () => {
    await expect(read(' '.repeat(1024 * 1024 + 1))).rejects.toThrow('is larger than 1048576 bytes');
  });

  it('is a file', async () => {
    await mkdir(join(directory, 'glambdar.json'));
    await expect(readFunctionFile(directory)).rejects.toThrow('glambdar.json cannot be read (EISDIR)');
  });
});
