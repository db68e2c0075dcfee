import { programOf, runtimeOf, runtimes } from './catalogue.js';
import { runtimeNames } from './runtime.js';
import { settingsFor } from '../../test/support/builders/functions.js';
import { runtimesSettings } from './runtimes.settings.js';

describe('the catalogue of runtimes', () => {
  it('has each by its name, and an image of its own for each', () => {
    expect(runtimes.map(({ name }) => name)).toEqual(runtimeNames);
    const images = settingsFor(runtimesSettings);
    expect(new Set(runtimes.map((runtime) => programOf(runtime, 128, images).image)).size).toBe(
      runtimeNames.length,
    );
  });
});

describe.each(runtimeNames)('the runtime %s', (name) => {
  const runtime = runtimeOf(name);

  it('leaves a quarter of the memory to everything but the heap', () => {
    expect(runtime.command(128)).toEqual([
      ...['/usr/local/bin/tini', '--', '/usr/local/bin/node'],
      ...['--max-old-space-size=96', '/runtime/worker/main.js'],
    ]);
  });

  it('passes nothing of the server’s environment on', () => {
    expect(runtime.environment).toEqual({ HOME: '/tmp', NODE_ENV: 'production' });
  });

  it.each([
    [134, 'FATAL ERROR: Reached heap limit Allocation failed - JavaScript heap out of memory', true],
    [133, 'Fatal process out of memory: Zone', true],
    [134, 'an assertion', false],
    [1, 'heap out of memory', false],
    [undefined, 'heap out of memory', false],
  ])('reads of exit code %s and %j whether its heap was full: %s', (exitCode, lastOutput, expected) => {
    expect(runtime.endedForMemory({ exitCode, lastOutput })).toBe(expected);
  });
});
