import { archiveRefusal, quoted } from './archive-refusal.js';
import type { EntryKind } from './entry-kind.js';

export interface TreeNode {
  readonly name: string;
  readonly kind: EntryKind;
  /** False for a directory that so far only appears inside other paths. */
  listed: boolean;
  /** By folded name; only a directory has any. */
  readonly children: Map<string, TreeNode>;
}

/** Names that are one on a file system that ignores case or composes accents. */
export function folded(segment: string): string {
  return segment.normalize('NFC').toLowerCase();
}

/**
 * The files as they would be on disk. An entry that another one stands in the way of is refused here, so that the
 * same archive unpacks to the same files on every file system.
 */
export class EntryTree {
  readonly root: TreeNode = { name: '', kind: 'directory', listed: false, children: new Map() };
  private nodes = 0;

  constructor(private readonly maxEntries: number) {}

  /** Rejects with the reason when the path is taken, nested in a file or link, or differs in case only. */
  add(segments: readonly string[], kind: EntryKind): void {
    const path = segments.join('/');
    const parent = segments
      .slice(0, -1)
      .reduce((node, segment) => this.parentIn(node, segment, path), this.root);
    const name = segments.at(-1);
    const leaf = name === undefined ? this.root : this.childOf(parent, name, kind, path);
    if (leaf.kind !== kind) throw conflict(path, leaf.kind, kind);
    if (leaf.listed) throw archiveRefusal('duplicate_entry', `The archive holds ${quoted(path)} twice.`);
    leaf.listed = true;
  }

  /** Paths of all directories below the root, each after its parent. */
  directories(): string[] {
    return [...walkDirectories(this.root, '')];
  }

  private parentIn(node: TreeNode, segment: string, path: string): TreeNode {
    const child = this.childOf(node, segment, 'directory', path);
    switch (child.kind) {
      case 'directory':
        return child;
      case 'file':
      case 'link':
        throw conflict(path, child.kind, 'directory');
    }
  }

  private childOf(node: TreeNode, name: string, kind: EntryKind, path: string): TreeNode {
    const key = folded(name);
    const existing = node.children.get(key);
    if (existing === undefined)
      return this.create(node, key, { name, kind, listed: false, children: new Map() });
    if (existing.name === name) return existing;
    throw archiveRefusal(
      'case_collision',
      `${quoted(path)} and another path differ only in upper and lower case or accents.`,
    );
  }

  private create(parent: TreeNode, key: string, child: TreeNode): TreeNode {
    this.nodes += 1;
    if (this.nodes > this.maxEntries) throw tooManyEntries(this.maxEntries);
    parent.children.set(key, child);
    return child;
  }
}

function conflict(path: string, ...kinds: EntryKind[]) {
  return kinds.includes('link')
    ? archiveRefusal('unsafe_link', `${quoted(path)} would be written in place of a link or through it.`)
    : archiveRefusal('path_conflict', `${quoted(path)} needs a file and a directory of the same name.`);
}

export function tooManyEntries(maxEntries: number) {
  return archiveRefusal(
    'too_many_entries',
    `The archive holds more than ${maxEntries} files and directories.`,
  );
}

function* walkDirectories(node: TreeNode, prefix: string): Generator<string> {
  for (const child of node.children.values()) {
    if (child.kind !== 'directory') continue;
    yield prefix + child.name;
    yield* walkDirectories(child, `${prefix}${child.name}/`);
  }
}
