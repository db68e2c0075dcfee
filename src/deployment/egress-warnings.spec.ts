import { egressWarnings } from './egress-warnings.js';

const warningsOf = (...entries: string[]) =>
  egressWarnings(entries, {
    whyUnreachable: (host) => Promise.resolve(host === '10.0.0.7' ? 'is no public address.' : undefined),
  });

describe('the warnings of a setting egress', () => {
  it('are a sentence for each entry that leads nowhere, in their order', async () => {
    expect(await warningsOf('api.example.com', '10.0.0.7:5432', 'public', '*.example.com')).toEqual([
      'The setting egress: "10.0.0.7:5432" is no public address.',
    ]);
  });

  it.each(['127.0.0.1:*', '[::1]:*', 'localhost:*', 'db.localhost:*'])(
    'say that %s names no port of the server, whatever its operator has opened',
    async (entry) => {
      expect(await warningsOf(entry)).toEqual([expect.stringMatching(/leads nowhere: .*Name each port/)]);
    },
  );

  it('are none where the operator has opened the port', async () => {
    expect(await warningsOf('127.0.0.1:5432', 'localhost')).toEqual([]);
  });
});
