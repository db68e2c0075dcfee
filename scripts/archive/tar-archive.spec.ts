import { execFileSync } from 'node:child_process';
import { mkdtemp, readFile, readlink, rm, stat, writeFile } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { tarOf } from './tar-archive.mjs';

type ArchiveEntry = Parameters<typeof tarOf>[0] extends Iterable<infer Entry> ? Entry : never;

function bytesOf(entries: readonly ArchiveEntry[]): Promise<Buffer> {
  return buffer(tarOf(entries));
}

describe('tarOf', () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(path.join(os.tmpdir(), 'tar-archive-'));
  });

  afterEach(async () => {
    await rm(directory, { recursive: true });
  });

  async function unpacked(entries: readonly ArchiveEntry[]): Promise<string> {
    execFileSync('tar', ['--extract', '--preserve-permissions', '--directory', directory], {
      input: await bytesOf(entries),
    });
    return directory;
  }

  it('writes what another reader of tars reads: names, modes, contents', async () => {
    const source = path.join(directory, 'source');
    await writeFile(source, 'x'.repeat(1_000));
    const root = await unpacked([
      { kind: 'directory', path: 'tmp', mode: 0o1777 },
      { kind: 'file', path: 'program', mode: 0o755, source },
      { kind: 'text', path: 'tmp/note', mode: 0o644, text: 'größe' },
    ]);
    expect(await readFile(path.join(root, 'program'), 'utf8')).toBe('x'.repeat(1_000));
    expect(await readFile(path.join(root, 'tmp/note'), 'utf8')).toBe('größe');
    expect((await stat(path.join(root, 'tmp'))).mode & 0o7777).toBe(0o1777);
    expect((await stat(path.join(root, 'program'))).mode & 0o7777).toBe(0o755);
  });

  it('writes links that lead where they are told to', async () => {
    const root = await unpacked([{ kind: 'link', path: 'passwd', mode: 0o777, target: '/elsewhere/passwd' }]);
    expect(await readlink(path.join(root, 'passwd'))).toBe('/elsewhere/passwd');
  });

  it('refuses a link that leads further than the format can tell, instead of cutting its target', async () => {
    const entry: ArchiveEntry = { kind: 'link', path: 'a', mode: 0o777, target: 't'.repeat(101) };
    await expect(bytesOf([entry])).rejects.toThrow('too far');
  });

  it('carries paths of more than 100 bytes', async () => {
    const long = `${'d'.repeat(60)}/${'f'.repeat(90)}`;
    const root = await unpacked([{ kind: 'text', path: long, mode: 0o644, text: 'far' }]);
    expect(await readFile(path.join(root, long), 'utf8')).toBe('far');
  });

  it('refuses a name that the format cannot carry, instead of cutting it', async () => {
    const entry: ArchiveEntry = { kind: 'text', path: 'f'.repeat(101), mode: 0o644, text: '' };
    await expect(bytesOf([entry])).rejects.toThrow('too long');
  });

  it('ends each file at a full block and the archive with two empty ones', async () => {
    const bytes = await bytesOf([{ kind: 'text', path: 'a', mode: 0o644, text: 'x'.repeat(512) }]);
    expect(bytes).toHaveLength(512 + 512 + 1_024);
    expect(bytes.subarray(-1_024).every((byte) => byte === 0)).toBe(true);
  });
});
