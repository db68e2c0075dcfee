/**
 * `node scripts/architecture.mjs`: draws the modules of `src/` and what they import of each other into
 * `docs/architecture.md`, between its two marks. What follows from other arrows has none of its own.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { readCommandLine } from './setup/command-line.mjs';
import { inProject } from './setup/project.mjs';
import { importsOf, sourceFiles } from './source-imports.mjs';

/** @typedef {Map<string, Set<string>>} Graph what each module imports */

const DOCUMENT = inProject('docs/architecture.md');
const BEGIN = '<!-- modules: drawn by `node scripts/architecture.mjs` -->';
const END = '<!-- end of modules -->';
/** Everything imports it. */
const LEAF = 'common';

/** The folders of `src/`. @returns {Graph} */
export function importsOfModules() {
  /** @type {Graph} */
  const graph = new Map();
  for (const file of sourceFiles('src')) {
    const from = moduleOf(file);
    if (from === undefined) continue;
    const imported = graph.get(from) ?? new Set();
    graph.set(from, imported);
    for (const target of importsOf(file, { types: true })) {
      const to = moduleOf(target);
      if (to !== undefined && to !== from) imported.add(to);
    }
  }
  return graph;
}

/** Without what can be reached another way. @param {Graph} graph @returns {string[]} as `a --> b`, in order */
export function arrowsOf(graph) {
  /** @param {string} from @param {string} to */
  const leadsTo = (from, to) => {
    const seen = new Set([from]);
    for (const each of seen) for (const next of graph.get(each) ?? []) seen.add(next);
    return seen.has(to);
  };
  return [...graph]
    .flatMap(([from, imported]) =>
      [...imported]
        .filter((to) => ![...imported].some((other) => other !== to && leadsTo(other, to)))
        .map((to) => `${from} --> ${to}`),
    )
    .sort();
}

/** Puts the diagram between the marks of the page. */
export async function drawModules() {
  const page = await readFile(DOCUMENT, 'utf8');
  const arrows = arrowsOf(importsOfModules()).map((arrow) => `  ${arrow}`);
  const diagram = ['', '', '```mermaid', 'flowchart TD', ...arrows, '```', '', ''].join('\n');
  const [begin, end] = placeIn(page);
  await writeFile(DOCUMENT, page.slice(0, begin) + diagram + page.slice(end));
}

/** The arrows that a page's diagram of the modules has. @param {string} page */
export function drawnArrows(page) {
  return (page.slice(...placeIn(page)).match(/^ *[\w-]+ --> [\w-]+$/gm) ?? [])
    .map((line) => line.trim())
    .sort();
}

/** Where the diagram begins and ends. @param {string} page */
function placeIn(page) {
  const begin = page.indexOf(BEGIN);
  const end = page.indexOf(END);
  if (begin < 0 || end < begin)
    throw new Error(`${DOCUMENT} has lost the marks around its diagram of the modules.`);
  return [begin + BEGIN.length, end];
}

/** @param {string} file */
function moduleOf(file) {
  const [folder, module, ...rest] = file.split('/');
  return folder === 'src' && rest.length > 0 && module !== LEAF ? module : undefined;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  readCommandLine({
    usage: 'node scripts/architecture.mjs\n\nDraws the modules of src/ into docs/architecture.md.',
  });
  await drawModules();
}
