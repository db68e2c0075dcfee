import { archiveRefusal, quoted } from './archive-refusal.js';
import { folded, type EntryTree, type TreeNode } from './entry-tree.js';

/** A link and the text it holds, which has not been believed yet. */
export interface ArchivedLink {
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
export function safeLinkTargets(tree: EntryTree, links: readonly ArchivedLink[]): Map<string, string> {
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
    // What would lie behind a missing name cannot be known, so nothing may climb out of it.
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
