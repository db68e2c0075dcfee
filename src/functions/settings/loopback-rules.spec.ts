import { parseEgressRule } from './egress-rule.js';
import { loopbackHosts } from './loopback-rules.js';

const hostsOf = (...entries: string[]) =>
  loopbackHosts(entries.flatMap((text) => parseEgressRule(text) ?? []));

describe("the ports of the server's loopback that a function names", () => {
  it('are asked for by the host of their rule', () => {
    expect(hostsOf('127.0.0.1:5432', '[::1]:6379', 'localhost:3306', 'db.localhost:1')).toEqual({
      5432: '127.0.0.1',
      6379: '::1',
      3306: 'localhost',
      1: 'db.localhost',
    });
  });

  it('are asked for by the first of several rules', () => {
    expect(hostsOf('127.0.0.1:5432', '[::1]:5432')).toEqual({ 5432: '127.0.0.1' });
  });

  it('are those of HTTP where a rule names none', () => {
    expect(hostsOf('localhost')).toEqual({ 80: 'localhost', 443: 'localhost' });
  });

  it.each([
    'localhost:*',
    'example.com:5432',
    '10.0.0.1:5432',
    '127.example.com:5432',
    'public:*',
    '*.sub.localhost:80',
  ])('are none of %s', (entry) => {
    expect(hostsOf(entry)).toEqual({});
  });
});
