import { egressProblem } from './egress-rules.js';

describe('the list of where a function may connect to', () => {
  it.each([[[]], [['public', 'api.example.com:443']]])('may be %j', (list) => {
    expect(egressProblem(list)).toBeUndefined();
  });

  it.each([
    ['https://api.example.com/v1', 'write "api.example.com", not a URL'],
    ['postgres://ada:hush@db.example.com:5432/shop', 'write "db.example.com:5432", not a URL'],
    ['mongodb+srv://ada:hush@c.example.net/', 'write "c.example.net", not a URL'],
    ['http://[2001:db8::1]:8080/', 'write "[2001:db8::1]:8080", not a URL'],
    ['http://', 'write the host and its port, not a URL'],
    ['/var/run/postgresql/.s.PGSQL.5432', 'a Unix socket'],
    ['unix:/var/run/db.sock', 'a Unix socket'],
    ['10.0.0.0/8', 'a range of addresses is no entry'],
    ['fd00::/8', 'a range of addresses is no entry'],
    ['::1', 'write "[::1]"'],
    ['*', 'write "public" for every public address'],
    ['*:443', 'write "public:443" for every public address'],
    ['bücher.example', 'write "xn--bcher-kva.example"'],
  ])('says of %s how it is written', (entry, hint) => {
    const problem = egressProblem([entry]);
    expect(problem).toContain(hint);
    expect(problem).not.toContain('hush');
  });
});
