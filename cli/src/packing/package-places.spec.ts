import fc from 'fast-check';
import { packagePlaces } from './package-places.js';

type Graph = Readonly<Record<string, Readonly<Record<string, string>>>>;

const mapOf = (graph: Graph) =>
  new Map(Object.entries(graph).map(([directory, needs]) => [directory, new Map(Object.entries(needs))]));

function placed(graph: Graph) {
  const { places, links } = packagePlaces(mapOf(graph));
  return { places: Object.fromEntries(places), links: Object.fromEntries(links) };
}

/** What Node.js finds in such an archive: the nearest of that name, and where that leads to if it is a link. */
function found(
  from: string,
  name: string,
  { places, links }: ReturnType<typeof packagePlaces>,
): string | undefined {
  const taken = new Set([...places.values(), ...links.keys()]);
  for (let at = from; ; at = at.slice(0, Math.max(0, at.lastIndexOf('/node_modules/')))) {
    const candidate = `${at}/node_modules/${name}`.replace(/^\//, '');
    if (taken.has(candidate)) return links.get(candidate) ?? candidate;
    if (at === '') return undefined;
  }
}

describe('the places of packages in an archive', () => {
  it('are those that npm gave them', () => {
    const graph = {
      '/f': { a: '/f/node_modules/a', c: '/f/node_modules/c' },
      '/f/node_modules/a': { c: '/f/node_modules/a/node_modules/c', '@s/d': '/f/node_modules/@s/d' },
      '/f/node_modules/c': {},
      '/f/node_modules/a/node_modules/c': {},
      '/f/node_modules/@s/d': { c: '/f/node_modules/c' },
    };
    expect(placed(graph)).toEqual({
      places: {
        '/f': '',
        '/f/node_modules/a': 'node_modules/a',
        '/f/node_modules/c': 'node_modules/c',
        '/f/node_modules/a/node_modules/c': 'node_modules/a/node_modules/c',
        '/f/node_modules/@s/d': 'node_modules/@s/d',
      },
      links: {},
    });
  });

  it('keep a version of the folder apart from one of a folder above it', () => {
    const graph = {
      '/w/f': { a: '/w/node_modules/a', b: '/w/f/node_modules/b' },
      '/w/node_modules/a': { b: '/w/node_modules/b' },
      '/w/f/node_modules/b': {},
      '/w/node_modules/b': {},
    };
    expect(placed(graph).places).toEqual({
      '/w/f': '',
      '/w/node_modules/a': 'node_modules/a',
      '/w/f/node_modules/b': 'node_modules/b',
      '/w/node_modules/b': 'node_modules/a/node_modules/b',
    });
  });

  it('give a link to whoever would find another version', () => {
    const graph = {
      '/f': { a: '/s/a', b: '/s/b', c: '/s/c2' },
      '/s/a': { c: '/s/c1' },
      '/s/b': { c: '/s/c1' },
      '/s/c2': {},
      '/s/c1': {},
    };
    expect(placed(graph).links).toEqual({ 'node_modules/b/node_modules/c': 'node_modules/a/node_modules/c' });
  });

  it('are finite for versions that need each other in a circle', () => {
    const graph = {
      '/f': { a: '/s/a1' },
      '/s/a1': { b: '/s/b1' },
      '/s/b1': { a: '/s/a2' },
      '/s/a2': { b: '/s/b2' },
      '/s/b2': { a: '/s/a1' },
    };
    expect(Object.keys(placed(graph).places)).toHaveLength(5);
  });

  it('let everybody find exactly what they found before, in every graph', () => {
    const names = ['a', 'b', '@s/c'];
    const packages = names.flatMap((name) =>
      ['1', '2', '3'].map((version) => ({ name, directory: `/s/${name}/${version}` })),
    );
    const needs = fc.record(
      Object.fromEntries(
        names.map((name) => [name, fc.constantFrom(...packages.filter((one) => one.name === name))]),
      ),
      { requiredKeys: [] },
    );
    fc.assert(
      fc.property(
        fc.array(needs, { minLength: packages.length + 1, maxLength: packages.length + 1 }),
        (drawn) => {
          const all = new Map(
            ['/f', ...packages.map(({ directory }) => directory)].map((directory, index) => [
              directory,
              new Map(Object.entries(drawn[index] ?? {}).map(([name, one]) => [name, one?.directory ?? ''])),
            ]),
          );
          const reached = reachable('/f', all);
          const result = packagePlaces(reached);
          for (const [directory, needed] of reached) {
            for (const [name, wanted] of needed) {
              expect(found(result.places.get(directory) ?? '?', name, result)).toBe(
                result.places.get(wanted),
              );
            }
          }
          expect(new Set(result.places.values()).size).toBe(reached.size);
        },
      ),
      { numRuns: 500 },
    );
  });
});

/** Those that are needed, nearest first. */
function reachable(
  root: string,
  all: ReadonlyMap<string, Map<string, string>>,
): Map<string, Map<string, string>> {
  const queue = [root];
  const found = new Map<string, Map<string, string>>();
  for (const directory of queue) {
    if (found.has(directory)) continue;
    const needs = all.get(directory) ?? new Map<string, string>();
    found.set(directory, needs);
    queue.push(...needs.values());
  }
  return found;
}
