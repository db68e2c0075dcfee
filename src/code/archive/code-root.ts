import { folded, type EntryTree, type TreeNode } from './entry-tree.js';

/** As the worker looks for them. */
export const entryExtensions = ['js', 'mjs', 'cjs', 'ts'];

/**
 * The folder of an archive that becomes the code's root: usually the archive's own, for which it is empty. Who packs a
 * folder in place of what is in it gets an archive with that one folder at its top; it is the root when the handler's
 * file is in it, and not where the handler names it. A folder in which that file is not, either, is left where it is.
 */
export function rootFolderOf(tree: EntryTree, handler: string): readonly string[] {
  const folder: string[] = [];
  let node: TreeNode | undefined = tree.root;
  while (node !== undefined) {
    if (holdsEntryFile(node, handler)) return folder;
    node = onlyFolderIn(node);
    if (node !== undefined) folder.push(node.name);
  }
  return [];
}

/** Handlers are `file.export`, the file with its folders and without its ending. */
function holdsEntryFile(root: TreeNode, handler: string): boolean {
  const stem = handler.slice(0, handler.lastIndexOf('.'));
  return entryExtensions.some((extension) => isFile(nodeAt(root, `${stem}.${extension}`.split('/'))));
}

function nodeAt(root: TreeNode, segments: readonly string[]): TreeNode | undefined {
  let node = root;
  for (const segment of segments) {
    const child = node.children.get(folded(segment));
    if (child?.name !== segment) return undefined;
    node = child;
  }
  return node;
}

function isFile(node: TreeNode | undefined): boolean {
  return node !== undefined && node.kind !== 'directory';
}

/** Packages are nobody's function. */
function onlyFolderIn(node: TreeNode): TreeNode | undefined {
  const [only, ...more] = [...node.children.values()].filter(({ name }) => !isClutter([name]));
  const isFolder = only?.kind === 'directory' && only.name !== 'node_modules';
  return isFolder && more.length === 0 ? only : undefined;
}

/** What desktops add to folders and archives, wherever it lies in them. No code needs it. */
const clutterFiles: ReadonlySet<string> = new Set(['.DS_Store', 'Thumbs.db', 'desktop.ini']);
const clutterFolder = '__MACOSX';

/** Whether an entry is such a thing, or lies in one. */
export function isClutter(segments: readonly string[]): boolean {
  return segments.includes(clutterFolder) || clutterFiles.has(segments.at(-1) ?? '');
}
