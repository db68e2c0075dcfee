import { globSync, readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { settingsGroups } from '../../src/bootstrap/settings-groups.js';
import { groupNames } from '../hostile/options.mjs';

const root = fileURLToPath(new URL('../..', import.meta.url));
const page = readFileSync(`${root}/docs/security.md`, 'utf8');

/** How many rows the threat model has: archives, functions, clients and races, faults. */
const rows: Readonly<Record<string, number>> = { Z: 30, F: 36, C: 22, D: 20 };

/** Every row that the page names, alone (`Z1`) or in a range (`Z1–Z3`). */
function namedRows(): Set<string> {
  const named = new Set<string>();
  for (const [, letter = '', from = '', to = from] of page.matchAll(/\b([ZFCD])(\d+)(?:–\1(\d+))?\b/g)) {
    for (let row = Number(from); row <= Number(to); row += 1) named.add(`${letter}${row}`);
  }
  return named;
}

describe('docs/security.md', () => {
  it('says of every threat by which test it is shown, or why by none, and knows no other', () => {
    const all = Object.entries(rows).flatMap(([letter, count]) =>
      Array.from({ length: count }, (_, index) => `${letter}${index + 1}`),
    );
    expect([...namedRows()].sort()).toEqual(all.sort());
  });

  it('names specs that there are', () => {
    const specs = new Set(
      globSync('{src,worker,builder,cli/src,dashboard/src,test,scripts}/**/*.spec.ts', { cwd: root }).map(
        (path) => basename(path, '.ts'),
      ),
    );
    const named = [...page.matchAll(/`(?:[\w-]+\/)*([\w.-]+\.spec)`/g)].map(([, name = '']) => name);
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter((name) => !specs.has(name))).toEqual([]);
  });

  it('names trials that there are, and every one of them', () => {
    const named = [...page.matchAll(/\btrials? ((?:`\w+`(?:, | and )?)+)/g)].flatMap(([, list = '']) =>
      [...list.matchAll(/\w+/g)].map(([name]) => name).filter((name) => name !== 'and'),
    );
    expect(named.filter((name) => !groupNames.includes(name))).toEqual([]);
    expect(groupNames.filter((name) => !named.includes(name))).toEqual([]);
  });
});

/** Settings with a number that bounds nothing. */
const boundingNothing = ['GLAMBDAR_PORT', 'GLAMBDAR_UID_FIRST'];

describe('the table of what is bounded', () => {
  const [section = ''] = page.split('## What is bounded\n')[1]?.split('\n## ') ?? [];
  const [head = [], , ...bounds] = section
    .split('\n')
    .filter((line) => line.startsWith('|'))
    .map((line) =>
      line
        .slice(1, -1)
        .split('|')
        .map((cell) => cell.trim()),
    );

  it('says of each resource how its number, time, work and share are bounded, or why not, and what shows it', () => {
    expect(head).toEqual(['resource', 'number', 'time', 'work', 'share', 'shown by']);
    expect(bounds.length).toBeGreaterThan(30);
    for (const bound of bounds) {
      expect(bound).toHaveLength(head.length);
      expect(bound.filter((cell) => cell === '' || cell === '–')).toEqual([]);
      expect(bound.at(-1)).toMatch(/`[\w.-]+\.spec`|\btrials? `\w+`|every trial/);
    }
  });

  it('names every setting that is a limit, and no other', () => {
    const limits = settingsGroups
      .flatMap(({ definitions }) => Object.values(definitions))
      .filter(({ rule }) => rule.startsWith('an integer'))
      .map(({ variable }) => variable)
      .filter((variable) => !boundingNothing.includes(variable));
    const named = new Set([...section.matchAll(/`(GLAMBDAR_\w+)`/g)].map(([, name = '']) => name));
    expect([...named].sort()).toEqual(limits.sort());
  });
});
