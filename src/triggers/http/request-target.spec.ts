import { functionTarget } from './request-target.js';

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
    ['http://localhost:8000/invoke/f/a?b=c', '/a', 'b=c'],
    ['http://localhost/invoke/f', '/', ''],
  ])('%s: the path %s and the query %s', (target, rawPath, rawQueryString) => {
    expect(functionTarget(target)).toEqual({ rawPath, rawQueryString });
  });
});
