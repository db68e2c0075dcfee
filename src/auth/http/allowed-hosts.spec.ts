import { parseAllowedHosts } from './allowed-hosts.js';

const allowed = (list: string) => {
  const { names, origins, ...rest } = parseAllowedHosts(list)!;
  return { names: [...names].slice(3), origins: [...origins], ...rest };
};

describe('a list of allowed hosts', () => {
  it('is empty by default, and then this machine has its own names', () => {
    expect(allowed(' ,')).toEqual({ names: [], origins: [], namesHosts: false, namesOthers: false });
    expect([...parseAllowedHosts('')!.names]).toEqual(['localhost', '127.0.0.1', '[::1]']);
  });

  it('has names, for the server and for its pages at the ports of HTTP and HTTPS', () => {
    expect(allowed('fn.example.com, FN.example.com')).toEqual({
      names: ['fn.example.com'],
      origins: ['http://fn.example.com', 'https://fn.example.com'],
      namesHosts: true,
      namesOthers: true,
    });
  });

  it('has names with the port of their pages', () => {
    expect(allowed('fn.example.com:443,[2001:db8::7]:8443')).toMatchObject({
      names: ['fn.example.com', '[2001:db8::7]'],
      origins: [
        'http://fn.example.com:443',
        'https://fn.example.com',
        'http://[2001:db8::7]:8443',
        'https://[2001:db8::7]:8443',
      ],
    });
  });

  it('has origins of pages, which are no names of the server', () => {
    expect(allowed('https://app.example.com:443')).toEqual({
      names: [],
      origins: ['https://app.example.com'],
      namesHosts: false,
      namesOthers: true,
    });
  });

  it.each(['http://localhost:3000', 'http://127.0.0.1:5173', 'http://[::1]:3000', 'localhost:3000'])(
    'may be of this machine alone: %s',
    (list) => {
      expect(allowed(list).namesOthers).toBe(false);
    },
  );

  it.each(['127.evil.example', 'http://127.0.0.1.evil.example', '128.0.0.1', '[::2]'])(
    'may only look like this machine: %s',
    (list) => {
      expect(allowed(list).namesOthers).toBe(true);
    },
  );

  it.each([
    '*',
    'fn.example.com:',
    'fn.example.com:65536',
    'fn.example.com/path',
    'https://fn.example.com/',
    'ftp://fn.example.com',
    'https://',
    'https://me@fn.example.com',
    'a b',
    '::1',
    'fn.example.com;app.example.com',
  ])('has no %s', (list) => {
    expect(parseAllowedHosts(list)).toBeUndefined();
  });
});
