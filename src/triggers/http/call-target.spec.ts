import { callTargetOf, rootTargetOf } from './call-target.js';

describe('what of a target is the function’s', () => {
  it.each([
    ['/invoke/f', '/', ''],
    ['/invoke/f/', '/', ''],
    ['/invoke/f?', '/', ''],
    ['/invoke/f?a=1&a=2', '/', 'a=1&a=2'],
    ['/invoke/f?to=/x/y?z', '/', 'to=/x/y?z'],
    ['/invoke/f/a/b', '/a/b', ''],
    ['/invoke/f/a/b/?c', '/a/b/', 'c'],
    ['/invoke/f//a//', '//a//', ''],
    ['/invoke/f/a%2Fb/%e4%20ö', '/a%2Fb/%e4%20ö', ''],
    ['/invoke/f/../g', '/../g', ''],
    ['/invoke/f/100%/%zz?%', '/100%/%zz', '%'],
    ['/INVOKE/f/a', '/a', ''],
    ['/invoke/%66/a', '/a', ''],
    ['http://localhost:8000/invoke/f/a?b=c', '/a', 'b=c'],
    ['http://localhost/invoke/f', '/', ''],
    ['HTTP://localhost/INVOKE/f?http://other/', '/', 'http://other/'],
  ])('%s: the path %s and the query %s', (target, rawPath, rawQueryString) => {
    expect(callTargetOf(target)).toEqual({
      functionName: 'f',
      rawPath,
      rawQueryString,
      isOwnHost: false,
    });
  });

  it.each([
    ['/invoke/%2e%2e%2fetc', '../etc'],
    ['/invoke/%zz/a', '%zz'],
    ['/invoke/f%23#x', 'f##x'],
  ])('%s: the name %s, which is checked later', (target, functionName) => {
    expect(callTargetOf(target)).toMatchObject({ functionName });
  });

  it.each([
    '/',
    '*',
    '/invoke',
    '/invoke/',
    '/invoke/?f',
    '/invoke//f',
    '/invoked/f',
    '/x/invoke/f',
    'http://invoke/f',
  ])('%s is none', (target) => {
    expect(callTargetOf(target)).toBeUndefined();
  });
});

describe('what of a target is the function’s at a host of its own', () => {
  it.each([
    ['/', '/', ''],
    ['/any/path?x', '/any/path', 'x'],
    ['/?', '/', ''],
    ['/a?to=/x?y', '/a', 'to=/x?y'],
    ['//a//b/', '//a//b/', ''],
    ['/invoke/other', '/invoke/other', ''],
    ['/../ui/%2e%2e/%zz', '/../ui/%2e%2e/%zz', ''],
    ['http://hello.fn.example.com/a?b', '/a', 'b'],
    ['http://hello.fn.example.com', '/', ''],
    ['http://hello.fn.example.com?b=http://c/d', '/', 'b=http://c/d'],
    ['*', '/', ''],
  ])('%s: the path %s and the query %s', (target, rawPath, rawQueryString) => {
    expect(rootTargetOf(target)).toEqual({ rawPath, rawQueryString });
  });
});
