import {
  chmodSync,
  closeSync,
  constants,
  fchmodSync,
  fdatasyncSync,
  mkdirSync,
  openSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { open } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { ApprovedArchive, ApprovedEntry } from './approved-archive.js';
import { archiveRefusal, quoted } from './archive-refusal.js';
import type { ReadContent } from './entry-content.js';
import { type EntryTree, folded, type TreeNode } from './entry-tree.js';
import type { Pace } from './pace.js';

/** A link and the text it holds, which has not been believed yet. */
interface ArchivedLink {
  readonly segments: readonly string[];
  readonly target: Buffer;
}

/** The kernel gives up at 40 links on the way as well. */
const longestChain = 40;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * The text of every link, by its path, once each is known to end inside the tree. A link is followed through all
 * others, as the kernel would; loops end nowhere and are refused. A link to nothing is kept: it leads nowhere else.
 */
function safeLinkTargets(tree: EntryTree, links: readonly ArchivedLink[]): Map<string, string> {
  const targets = new Map(
    links.map(({ segments, target }) => [segments.join('/'), targetText(segments, target)]),
  );
  for (const { segments } of links) {
    if (!staysInside(tree, segments, targets)) throw unsafeLink(segments);
  }
  return targets;
}

function targetText(segments: readonly string[], target: Buffer): string {
  let text: string;
  try {
    text = utf8.decode(target);
  } catch {
    throw unsafeLink(segments);
  }
  // A backslash or a drive letter would make it another path on Windows.
  if (/^\/|^[A-Za-z]:|[\\\p{Cc}]/u.test(text)) throw unsafeLink(segments);
  return text;
}

function staysInside(
  tree: EntryTree,
  link: readonly string[],
  targets: ReadonlyMap<string, string>,
): boolean {
  const walked: TreeNode[] = [];
  const pending = [...link].reverse();
  let followed = 0;
  let missing = false;
  while (pending.length > 0) {
    const segment = pending.pop() ?? '';
    if (segment === '' || segment === '.') continue;
    // What would be behind a missing name cannot be known, so nothing may climb out of it.
    if (segment === '..') {
      if (missing || walked.pop() === undefined) return false;
      continue;
    }
    if (missing) continue;
    const here = walked.at(-1) ?? tree.root;
    const child = here.children.get(folded(segment));
    if (child === undefined) {
      if (here.kind === 'file') return false;
      missing = true;
    } else if (child.name !== segment) {
      return false;
    } else if (child.kind === 'link') {
      if (++followed > longestChain) return false;
      const target = targets.get([...walked, child].map(({ name }) => name).join('/')) ?? '';
      pending.push(...target.split('/').reverse());
    } else {
      walked.push(child);
    }
  }
  return true;
}

function unsafeLink(segments: readonly string[]) {
  return archiveRefusal(
    'unsafe_link',
    `The link ${quoted(segments.join('/'))} must be relative and point to something inside the archive.`,
  );
}

const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY, O_RDONLY } = constants;
/** Readable by every uid, since each container runs as another; writable by none. */
const modes = { file: 0o444, executable: 0o555, directory: 0o555, whileWriting: 0o755 } as const;
/** The journal commits several at once: one by one takes twice as long. */
const parallelSyncs = 16;
const writtenAtOnceBytes = 128 * 1024;
/** What is on its way to the disk at once: whoever else syncs, as the database does, waits behind it. */
const flushedAtOnceBytes = 4 * 1024 * 1024;

/**
 * Writes an approved archive into `directory`, which must not exist, and resolves when it is durable to the
 * SHA-256 of each file by its path. Nothing is ever
 * written through a link: the directory is new and private, and the archive's own links come last. The topmost
 * directory stays writable by its owner, because moving it needs that; who publishes it closes it.
 */
export async function writeCodeTree(
  directory: string,
  archive: ApprovedArchive,
  read: ReadContent,
  pace: Pace,
): Promise<ReadonlyMap<string, string>> {
  const directories = archive.tree.directories().map((path) => join(directory, path));
  const ofKind = (kind: ApprovedEntry['kind']) => archive.entries.filter((entry) => entry.kind === kind);
  const links = ofKind('link').map((entry) => ({ segments: entry.segments, target: read(entry) }));
  const linkTargets = safeLinkTargets(archive.tree, links);

  mkdirSync(directory, { mode: modes.whileWriting });
  // The process's umask narrows what mkdir is asked for.
  chmodSync(directory, modes.whileWriting);
  for (const path of directories) mkdirSync(path, { mode: modes.whileWriting });
  const digests = new Map(
    ofKind('file').map((entry) => [join(...entry.segments), writeFile(directory, entry, read(entry), pace)]),
  );
  for (const [path, target] of linkTargets) symlinkSync(target, join(directory, path));
  for (const path of directories) chmodSync(path, modes.directory);

  await syncAll([...digests.keys()].map((path) => join(directory, path)));
  // Bottom-up: a directory is durable only after everything in it.
  await syncAll([directory, ...directories].reverse());
  return digests;
}

function writeFile(directory: string, entry: ApprovedEntry, content: Buffer, pace: Pace): string {
  const path = join(directory, ...entry.segments);
  const digest = createHash('sha256');
  const descriptor = openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, modes.file);
  try {
    for (let written = 0; written < content.length;) {
      const piece = content.subarray(written, written + writtenAtOnceBytes);
      // Of a descriptor, it continues where the last one stopped, and repeats short writes.
      writeFileSync(descriptor, piece);
      digest.update(piece);
      written += piece.length;
      if (written % flushedAtOnceBytes === 0) fdatasyncSync(descriptor);
      pace.step();
    }
    fchmodSync(descriptor, entry.executable ? modes.executable : modes.file);
  } finally {
    closeSync(descriptor);
  }
  pace.step();
  return digest.digest('hex');
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
