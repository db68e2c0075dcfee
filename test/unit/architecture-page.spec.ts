import { readFileSync } from 'node:fs';
import { arrowsOf, drawnArrows, importsOfModules } from '../../scripts/architecture.mjs';
import { sourceFiles } from '../../scripts/source-imports.mjs';

const root = new URL('../../', import.meta.url);
const page = readFileSync(new URL('docs/architecture.md', root), 'utf8');

describe('the diagram of the modules in docs/architecture.md', () => {
  it('has the arrows of the code and no others: run `node scripts/architecture.mjs` after a change', () => {
    expect(drawnArrows(page)).toEqual(arrowsOf(importsOfModules()));
  });

  it('leaves out what follows from other arrows', () => {
    const graph = new Map([
      ['a', new Set(['b', 'c'])],
      ['b', new Set(['c'])],
      ['c', new Set<string>()],
    ]);
    expect(arrowsOf(graph)).toEqual(['a --> b', 'b --> c']);
  });
});

describe('the diagrams of what a call and a deploy pass through', () => {
  const diagrams = [...page.matchAll(/```mermaid\nsequenceDiagram\n([\s\S]*?)```/g)].map(
    ([, text = '']) => text,
  );
  const named = (text: string) => [...text.matchAll(/^ *participant (\w+)$/gm)].map(([, name = '']) => name);
  const classes = new Set(
    [...sourceFiles('src'), ...sourceFiles('worker')].flatMap((file) =>
      [...readFileSync(new URL(file, root), 'utf8').matchAll(/\bclass (\w+)/g)].map(([, name = '']) => name),
    ),
  );

  it('are two', () => {
    expect(diagrams).toHaveLength(2);
  });

  it('name classes that there are', () => {
    for (const diagram of diagrams) {
      expect(named(diagram).length).toBeGreaterThan(3);
      expect(named(diagram).filter((name) => !classes.has(name))).toEqual([]);
    }
  });

  it('have arrows only between those that they name', () => {
    for (const diagram of diagrams) {
      const actors = [...diagram.matchAll(/^ *actor (\w+)$/gm)].map(([, name = '']) => name);
      const known = new Set([...named(diagram), ...actors]);
      const ends = [...diagram.matchAll(/^ *(\w+)-{1,2}>>(\w+):/gm)].flatMap(([, from = '', to = '']) => [
        from,
        to,
      ]);
      expect(ends.length).toBeGreaterThan(10);
      expect(ends.filter((name) => !known.has(name))).toEqual([]);
    }
  });
});
