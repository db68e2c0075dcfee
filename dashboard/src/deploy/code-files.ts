import { ignoreFileName, ignoreRules } from '@glambdar/client/ignore-rules';

/** A file of a function's code, before it is packed. */
export interface CodeFile {
  /** With slashes, from the folder that was chosen. */
  readonly path: string;
  readonly size: number;
  readonly read: () => Promise<Uint8Array>;
}

/** What a person dropped or chose. */
export type Chosen =
  | { readonly kind: 'archive'; readonly name: string; readonly file: File }
  | { readonly kind: 'files'; readonly name: string; readonly files: readonly CodeFile[] };

/** More than this is no source code, and too much for a page to pack. */
export const atMost = { files: 20_000, bytes: 300 * 1024 ** 2 };

/** Why this cannot be packed, and what to do; undefined where it can. */
export function refusalOf(files: readonly Pick<CodeFile, 'size'>[]): string | undefined {
  if (files.length === 0) return 'There is no file in it. Choose the folder that has index.js in it.';
  if (files.length > atMost.files)
    return `It has more than ${atMost.files} files, which is too much for a page to pack. Deploy it with the command line.`;
  if (bytesOf(files) > atMost.bytes)
    return 'It is larger than 300 MiB, which is too much for a page to pack. Deploy it with the command line.';
  return undefined;
}

export function bytesOf(files: readonly Pick<CodeFile, 'size'>[]): number {
  return files.reduce((total, { size }) => total + size, 0);
}

/** Without the folders that all files lie in: the code begins where its first file does. */
export function rooted(files: readonly CodeFile[]): readonly CodeFile[] {
  const folder = commonFolder(files.map(({ path }) => path));
  return folder === '' ? files : files.map((file) => ({ ...file, path: file.path.slice(folder.length) }));
}

function commonFolder(paths: readonly string[]): string {
  const [first = '', ...others] = paths;
  let folder = first.slice(0, first.lastIndexOf('/') + 1);
  while (folder !== '' && !others.every((path) => path.startsWith(folder)))
    folder = folder.slice(0, folder.lastIndexOf('/', folder.length - 2) + 1);
  return folder;
}

/**
 * The files that belong to the function, by the rules that the command line has: `.glambdarignore` says what else stays at
 * home. What packages were published with is theirs, but for clutter.
 */
export async function withoutIgnored(files: readonly CodeFile[]): Promise<readonly CodeFile[]> {
  const ignoreFile = await files.find(({ path }) => path === ignoreFileName)?.read();
  const isIgnored = ignoreRules(new TextDecoder().decode(ignoreFile));
  return files.filter((file) => isInstalled(file) || !isIgnored(file.path));
}

/** Packages that are installed beside the code. */
export function isInstalled({ path }: Pick<CodeFile, 'path'>): boolean {
  return path.startsWith('node_modules/');
}

/** The server installs packages for itself where it finds none; those of another machine may not run there. */
export function withoutInstalled(files: readonly CodeFile[]): readonly CodeFile[] {
  return files.filter((file) => !isInstalled(file));
}

const entries = ['index.js', 'index.mjs', 'index.cjs', 'index.ts', 'index.mts', 'index.cts'];

export function hasEntry(files: readonly Pick<CodeFile, 'path'>[]): boolean {
  return files.some(({ path }) => entries.includes(path));
}

/** A name that a function may have, as near as possible to that of the file or folder. */
export function nameFrom(fileName: string): string {
  const plain = fileName.replace(/\.(zip|[cm]?[jt]s)$/i, '').normalize('NFKD');
  return plain
    .replace(/\p{M}/gu, '')
    .replace(/[^A-Za-z0-9_-]+/g, '-')
    .replace(/^[-_]+|-+$/g, '')
    .slice(0, 64);
}

const namePattern = /^[A-Za-z0-9][A-Za-z0-9_-]{0,63}$/;

/** The rule that a name breaks; undefined where it keeps it. */
export function nameError(name: string): string | undefined {
  if (namePattern.test(name)) return undefined;
  return 'A name has 1 to 64 letters, digits, "_" or "-", and begins with a letter or a digit.';
}
