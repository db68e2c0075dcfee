import { isClutter } from '@glambdar/client/ignore-rules';
import { atMost, type Chosen, type CodeFile, rooted, withoutIgnored } from './code-files.js';

/** What was dropped: one archive, one folder, or files. Must be called before the event is over. */
export function dropped(transfer: DataTransfer): Promise<Chosen | undefined> {
  const entries = [...transfer.items].flatMap((item) => item.webkitGetAsEntry() ?? []);
  const [file] = transfer.files;
  if (entries.length === 0) return selected(transfer.files);
  if (entries.length === 1 && file && isArchive(file)) return Promise.resolve(archive(file));
  return fromEntries(entries);
}

/** What was chosen in the browser's dialog. */
export async function selected(list: FileList | null): Promise<Chosen | undefined> {
  const [first, ...others] = [...(list ?? [])];
  if (!first) return undefined;
  if (others.length === 0 && first.webkitRelativePath === '' && isArchive(first)) return archive(first);
  const files = [first, ...others]
    .map((file) => codeFile(file, file.webkitRelativePath === '' ? file.name : file.webkitRelativePath))
    .filter(({ path }) => !isClutter(path));
  const [folder = ''] = first.webkitRelativePath.split('/');
  const name = folder === '' ? first.name : folder;
  return { kind: 'files', name, files: await withoutIgnored(rooted(files)) };
}

async function fromEntries(entries: readonly FileSystemEntry[]): Promise<Chosen | undefined> {
  const [first] = entries;
  if (!first) return undefined;
  const files: CodeFile[] = [];
  for (const entry of entries) await collect(entry, '', files);
  return { kind: 'files', name: first.name, files: await withoutIgnored(rooted(files)) };
}

/** Stops when there is more than can be packed: nobody waits for a folder that is refused. */
async function collect(entry: FileSystemEntry, folder: string, files: CodeFile[]): Promise<void> {
  if (isClutter(entry.name) || files.length > atMost.files) return;
  const path = folder + entry.name;
  if (isFile(entry)) files.push(codeFile(await fileOf(entry), path));
  if (!isFolder(entry)) return;
  const reader = entry.createReader();
  // A reader gives some entries at a time, and none at the end.
  for (let some; (some = await next(reader)).length > 0;)
    for (const inner of some) await collect(inner, `${path}/`, files);
}

// Chromium has no global of these types, so `instanceof` cannot tell them apart.
const isFile = (entry: FileSystemEntry): entry is FileSystemFileEntry => entry.isFile;
const isFolder = (entry: FileSystemEntry): entry is FileSystemDirectoryEntry => entry.isDirectory;

function fileOf(entry: FileSystemFileEntry): Promise<File> {
  return new Promise((resolve, reject) => {
    entry.file(resolve, reject);
  });
}

function next(reader: FileSystemDirectoryReader): Promise<FileSystemEntry[]> {
  return new Promise((resolve, reject) => {
    reader.readEntries(resolve, reject);
  });
}

function codeFile(file: File, path: string): CodeFile {
  return { path, size: file.size, read: async () => new Uint8Array(await file.arrayBuffer()) };
}

function archive(file: File): Chosen {
  return { kind: 'archive', name: file.name, file };
}

function isArchive({ name }: File): boolean {
  return name.toLowerCase().endsWith('.zip');
}
