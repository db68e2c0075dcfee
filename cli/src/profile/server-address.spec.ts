import { isReadableOnTheWay, serverAddress } from './server-address.js';

describe('the address of a server', () => {
  it.each([
    ['http://127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['http://127.0.0.1:8000/', 'http://127.0.0.1:8000'],
    ['https://example.com/fn/', 'https://example.com/fn'],
    [' HTTPS://Example.COM ', 'https://example.com'],
    ['localhost:8000', 'http://localhost:8000'],
    ['127.0.0.1:8000', 'http://127.0.0.1:8000'],
    ['[::1]:8000', 'http://[::1]:8000'],
    ['functions.example.com', 'https://functions.example.com'],
    ['functions.example.com:8443/fn', 'https://functions.example.com:8443/fn'],
  ])('%s is kept as %s', (text, address) => {
    expect(serverAddress(text)).toBe(address);
  });

  it.each(['', 'ftp://example.com', 'http://', 'http://a b', 'file:///etc/passwd'])('is not %j', (text) => {
    expect(() => serverAddress(text)).toThrow('is not the address of a server');
  });

  it.each(['https://me:key@example.com', 'https://example.com?key=1', 'https://example.com#key'])(
    'holds no key, as %s does',
    (text) => {
      expect(() => serverAddress(text)).toThrow('no user, password, query or fragment');
    },
  );

  it('is warned of where a key can be read on the way', () => {
    const addresses = [
      'http://example.com',
      'https://example.com',
      'http://127.0.0.1:8000',
      'http://[::1]',
      'http://localhost',
    ];
    expect(addresses.map(isReadableOnTheWay)).toEqual([true, false, false, false, false]);
  });
});
