import { matches } from './set-up.mjs';

const root = { version: '0.1.0' };
const express = { version: '5.0.0', integrity: 'sha512-a' };
const forMac = { version: '1.0.0', integrity: 'sha512-b', optional: true };
const locked = { packages: { '': root, 'node_modules/express': express, 'node_modules/for-mac': forMac } };

describe('installed dependencies', () => {
  it('match when all locked packages are there, but for those of other platforms', () => {
    expect(matches(locked, { packages: { 'node_modules/express': express } })).toBe(true);
  });

  it.each([
    ['a package is missing', {}],
    ['a version differs', { 'node_modules/express': { ...express, version: '5.0.1' } }],
    ['the content differs', { 'node_modules/express': { ...express, integrity: 'sha512-c' } }],
    ['an optional package differs', { 'node_modules/express': express, 'node_modules/for-mac': express }],
    ['a package is left over', { 'node_modules/express': express, 'node_modules/old': express }],
  ])('do not match when %s', (_, packages) => {
    expect(matches(locked, { packages })).toBe(false);
  });
});
