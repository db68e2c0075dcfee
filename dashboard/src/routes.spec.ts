import { isDecodable, ownLinks, pathTo, prefixOf } from './routes.js';

describe('the addresses of the page', () => {
  it.each([
    ['/ui', ''],
    ['/ui/', ''],
    ['/ui/functions/ui', ''],
    ['/fn/ui/functions', '/fn'],
    ['/a/b/ui', '/a/b'],
    ['/guide', ''],
  ])('knows what precedes the page in %s', (path, prefix) => {
    expect(prefixOf(path)).toBe(prefix);
  });

  it('puts a name into an address so that nothing in it can mean another address', () => {
    expect(pathTo.oneFunction('a/../b', 'log')).toBe('/ui/functions/a%2F..%2Fb/log');
    expect(pathTo.oneFunction('hello')).toBe('/ui/functions/hello');
  });

  it('leaves other pages of the server to the browser', () => {
    expect(ownLinks.test('/ui/system')).toBe(true);
    expect(ownLinks.test('/ui')).toBe(true);
    expect(ownLinks.test('/uix')).toBe(false);
    expect(ownLinks.test(pathTo.docs())).toBe(false);
  });

  it('recognises what the router could not decode', () => {
    expect(isDecodable('/ui/functions/%zz')).toBe(false);
    expect(isDecodable('/ui/functions/%C3%A4')).toBe(true);
  });
});
