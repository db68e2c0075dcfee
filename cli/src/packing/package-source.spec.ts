import { packageSource } from './package-source.js';

const server = { from: 'server' };
const here = { from: 'here', note: undefined };

describe('the packages of a function', () => {
  it('are installed by the server when package.json names them', () => {
    expect(packageSource({ dependencies: { express: '5' } }, 'auto')).toEqual(server);
    expect(packageSource({ optionalDependencies: { sharp: '1' } }, 'auto')).toEqual(server);
  });

  it('are packed where the server builds nothing', () => {
    expect(packageSource({ dependencies: { express: '5' } }, 'none')).toEqual(here);
  });

  it.each([undefined, {}, { dependencies: {} }])('are packed as they are when %j names none', (manifest) => {
    expect(packageSource(manifest, 'auto')).toEqual(here);
  });

  it.each([
    'file:../lib',
    'file:/srv/lib',
    'file:~/lib',
    '../lib',
    './../lib',
    '/srv/lib',
    'link:./lib',
    'workspace:*',
    'portal:../lib',
  ])('are packed when one of them comes from elsewhere on this machine: %s', (source) => {
    const { note } = packageSource({ dependencies: { lib: source } }, 'auto') as { note?: string };
    expect(note).toContain(`The package lib comes from this machine (${source})`);
  });

  it.each([
    '^1.2.3',
    'npm:other@1',
    'github:a/b',
    'https://example.com/a.tgz',
    'file:./vendor/a.tgz',
    'file:vendor/a',
  ])('are installed by the server from %s', (source) => {
    expect(packageSource({ dependencies: { lib: source } }, 'auto')).toEqual(server);
  });
});
