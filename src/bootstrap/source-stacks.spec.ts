import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { nameSources } from './source-stacks.js';

// Whoever runs the tests may have none.
const prepareBefore: unknown = Reflect.get(Error, 'prepareStackTrace');
let directory: string;

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'stacks-'));
  // Line 1, column 1 comes from line 3, column 5 of the source.
  const map = { version: 3, sources: ['../sources/order.ts'], names: [], mappings: 'AAEI' };
  await writeFile(path.join(directory, 'order.js.map'), JSON.stringify(map));
  await writeFile(path.join(directory, 'broken.js.map'), '{');
});

afterAll(() => rm(directory, { recursive: true }));

afterEach(() => {
  Reflect.set(Error, 'prepareStackTrace', prepareBefore);
});

function stackOf(places: readonly string[]): unknown {
  Error.prepareStackTrace = (error, sites) => [String(error), ...sites.map(String)];
  nameSources(pathToFileURL(directory).href);
  const sites = places.map((place) => ({ toString: () => place })) as NodeJS.CallSite[];
  return Error.prepareStackTrace(new RangeError('no order'), sites);
}

describe('a stack', () => {
  it('names the source of what was compiled below the root, however often', () => {
    const compiled = `charge (${pathToFileURL(path.join(directory, 'order.js')).href}:1:1)`;
    const source = `charge (${pathToFileURL(path.join(directory, '../sources/order.ts')).href}:3:5)`;
    expect(stackOf([compiled, compiled])).toEqual(['RangeError: no order', source, source]);
  });

  it('keeps what has no map that can be read, and what lies elsewhere', () => {
    const places = [
      `a (${pathToFileURL(path.join(directory, 'without.js')).href}:1:1)`,
      `b (${pathToFileURL(path.join(directory, 'broken.js')).href}:1:1)`,
      'c (file:///elsewhere/order.js:1:1)',
      'async Promise.all (index 0)',
      'node:internal/timers:603:7',
    ];
    expect(stackOf(places)).toEqual(['RangeError: no order', ...places]);
  });
});
