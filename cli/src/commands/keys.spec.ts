import { runCommand, type Given } from '../../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const key = {
  id: '0123456789ab',
  name: 'ci \u202e',
  scopes: ['functions:read', 'functions:deploy'],
  functions: ['shop-*'],
  createdAt: '2026-02-01T12:00:00.000Z',
  expiresAt: null,
  revokedAt: null,
  lastUsedOn: '2026-02-28',
};
const keys = [
  key,
  { ...key, revokedAt: key.createdAt },
  { ...key, expiresAt: '2026-02-28T00:00:00.000Z', functions: null },
];

let server: ScriptedServer;
async function run(words: readonly string[], given: Given = {}) {
  server = await ScriptedServer.start({
    'GET /keys': { body: { count: keys.length, keys } },
    'POST /keys': { status: 201, body: { ...key, key: 'glb_new' } },
    'DELETE /keys/0123456789ab': { status: 204 },
  });
  return runCommand(['keys', ...words], {
    environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' },
    ...given,
  });
}
const bodies = () => server.seen.map(({ body }) => (body === '' ? null : (JSON.parse(body) as unknown)));

describe('glambdar keys', () => {
  it('lists which are valid, and for what', async () => {
    const { stdout } = await run(['list']);
    expect(stdout.split('\n')[0]).toBe(
      '0123456789ab\tci \\u202e\tvalid\t2026-02-01T12:00:00.000Z\t2026-02-28\t\tshop-*\tfunctions:read,functions:deploy',
    );
    expect(stdout.match(/\t(valid|revoked|expired)\t/g)?.map((state) => state.trim())).toEqual([
      'valid',
      'revoked',
      'expired',
    ]);
  });

  it('creates one, and writes it alone, so that it can be captured', async () => {
    const words = [
      'create',
      '--name',
      'ci',
      '--scopes',
      'functions:read, functions:deploy',
      '--functions',
      'shop-*,till',
      '--expires',
      '2027-01-31',
    ];
    expect((await run(words)).stdout).toBe('glb_new\n');
    expect(bodies()).toEqual([
      {
        name: 'ci',
        scopes: ['functions:read', 'functions:deploy'],
        functions: ['shop-*', 'till'],
        expiresAt: '2027-01-31',
      },
    ]);
    const shown = await run(words, { terminal: {} });
    expect(shown.stderr).toBe('Keep it now: it is not shown again. Its id is 0123456789ab.\n');
  });

  it('leaves what is not said to the server', async () => {
    await run(['create', '--name', 'me', '--scopes', 'admin']);
    expect(bodies()).toEqual([{ name: 'me', scopes: ['admin'] }]);
    expect((await run(['create', '--name', 'me'])).stderr).toContain(
      "required option '--scopes <list>' not specified",
    );
  });

  it('revokes one after a question', async () => {
    const ran = await run(['revoke', key.id], { terminal: { answers: [true] } });
    expect([ran.exitCode, ran.asked.length, server.seen[0]?.method]).toEqual([0, 1, 'DELETE']);
    expect((await run(['revoke', '../x', '--yes'])).exitCode).toBe(2);
  });
});
