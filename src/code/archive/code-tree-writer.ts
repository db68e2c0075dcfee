import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import type { ApprovedArchive, ApprovedEntry } from './approved-archive.js';
import type { ReadContent } from './entry-content.js';
import { safeLinkTargets } from './link-targets.js';

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, O_RDONLY } = constants;
/** Readable by every uid, since each container runs as another; writable by none. */
const modes = { file: 0o444, executable: 0o555, directory: 0o555, whileWriting: 0o755 } as const;
/** The journal commits several at once: one by one takes twice as long. */
const parallelSyncs = 16;

/**
 * Writes an approved archive into `directory`, which must not exist, and resolves when it is durable. Nothing is ever
 * written through a link: the directory is new and private, and the archive's own links come last. The topmost
 * directory stays writable by its owner, because moving it needs that; who publishes it closes it.
 */
export async function writeCodeTree(
  directory: string,
  archive: ApprovedArchive,
  read: ReadContent,
): Promise<void> {
  const directories = archive.tree.directories().map((path) => join(directory, path));
  const ofKind = (kind: ApprovedEntry['kind']) => archive.entries.filter((entry) => entry.kind === kind);
  const links = ofKind('link').map((entry) => ({ segments: entry.segments, target: read(entry) }));
  const linkTargets = safeLinkTargets(archive.tree, links);

  mkdirSync(directory, { mode: modes.whileWriting });
  // The process's umask narrows what mkdir is asked for.
  chmodSync(directory, modes.whileWriting);
  for (const path of directories) mkdirSync(path, { mode: modes.whileWriting });
  const files = ofKind('file').map((entry) => writeFile(directory, entry, read(entry)));
  for (const [path, target] of linkTargets) symlinkSync(target, join(directory, path));
  for (const path of directories) chmodSync(path, modes.directory);

  await syncAll(files);
  // Bottom-up: a directory is durable only after everything in it.
  await syncAll([directory, ...directories].reverse());
}

function writeFile(directory: string, entry: ApprovedEntry, content: Buffer): string {
  const path = join(directory, ...entry.segments);
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, modes.file);
  try {
    writeFileSync(descriptor, content);
    fchmodSync(descriptor, entry.executable ? modes.executable : modes.file);
  } finally {
    closeSync(descriptor);
  }
  return path;
}

async function syncAll(paths: readonly string[]): Promise<void> {
  const queue = paths.values();
  const syncEach = async () => {
    for (const path of queue) {
      const handle = await open(path, O_RDONLY | O_NOFOLLOW);
      try {
        await handle.sync();
      } finally {
        await handle.close();
      }
    }
  };
  await Promise.all(Array.from({ length: parallelSyncs }, syncEach));
}
