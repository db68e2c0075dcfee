import { containerPlatform, isNamedFor, runsOn } from './platform.js';

const platform = containerPlatform('x64');

describe('the platform of a container', () => {
  it('is Linux with glibc, on the processor of this machine or the named one', () => {
    expect(containerPlatform()).toEqual({ os: 'linux', cpu: process.arch, libc: 'glibc' });
    expect(containerPlatform('arm64').cpu).toBe('arm64');
  });

  it.each([
    ['a', {}],
    ['a', { os: ['linux'], cpu: ['x64'], libc: ['glibc'] }],
    ['a', { os: ['linux', 'darwin'], cpu: ['arm64', 'x64'] }],
    ['a', { os: 'linux' }],
    ['a', { os: ['!win32'], cpu: ['!arm'] }],
    ['a', { os: ['any'] }],
    ['musl', {}],
  ])('runs %s %j', (name, manifest) => {
    expect(runsOn(name, manifest, platform)).toBe(true);
  });

  it.each([
    ['a', { os: ['darwin'] }],
    ['a', { os: ['!linux'] }],
    ['a', { os: ['linux'], cpu: ['arm64'] }],
    ['a', { os: ['linux'], cpu: ['x64'], libc: ['musl'] }],
    ['@a/linux-x64-musl', { os: ['linux'], cpu: ['x64'] }],
  ])('does not run %s %j', (name, manifest) => {
    expect(runsOn(name, manifest, platform)).toBe(false);
  });

  it.each(['@img/sharp-linux-x64', '@esbuild/linux-x64', 'lightningcss-linux-x64-gnu'])(
    'is in the name %s',
    (name) => {
      expect(isNamedFor(name, platform)).toBe(true);
      expect(isNamedFor(name, { ...platform, cpu: 'arm64' })).toBe(false);
    },
  );

  it.each(['fsevents', '@img/sharp-linuxmusl-x64', '@a/linux-x64-musl', '@a/darwin-x64'])(
    'is not in the name %s',
    (name) => {
      expect(isNamedFor(name, platform)).toBe(false);
    },
  );
});
