import { runCommand, type Given } from '../../test/support/fake-host.js';
import { problem, ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const createdAt = '2026-03-01T11:00:00.000Z';
const version = {
  version: 2,
  createdAt,
  sha256: 'ab'.repeat(32),
  codeBytes: 2048,
  fileCount: 3,
  current: true,
  publishedBy: { id: '0123456789ab', name: 'ci \u202e' },
  settings: null,
  changes: [{ field: 'timeoutSeconds', from: 3, to: 7 }],
};

let server: ScriptedServer;
async function run(words: readonly string[], given: Given = {}) {
  server = await ScriptedServer.start({
    'GET /versions/hello': {
      body: {
        function: 'hello',
        count: 2,
        versions: [version, { ...version, version: 1, current: false, publishedBy: null, changes: null }],
      },
    },
    'POST /rollback/hello': {
      body: { function: 'hello', status: 'deployed', version: 1, warnings: ['It is old.'] },
    },
    'POST /rollback/new': problem(409, 'NOTHING_TO_ROLL_BACK', 'No version before 1 is kept.'),
    'DELETE /del/hello': { status: 204 },
    'DELETE /del/nobody': problem(404, 'FUNCTION_NOT_FOUND', 'There is no function named "nobody".'),
  });
  return runCommand(words, { environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' }, ...given });
}
const sent = () => server.seen.map(({ method, path, body }) => `${method} ${path} ${body}`.trim());

describe('versions', () => {
  it('are listed, the newest first, with who published them and what they changed', async () => {
    const sha256 = 'ab'.repeat(32);
    expect((await run(['versions', 'hello'])).stdout).toBe(
      `2\tcurrent\t${createdAt}\t2.00 KiB\t3\tci \\u202e\ttimeoutSeconds\t${sha256}\n` +
        `1\t\t${createdAt}\t2.00 KiB\t3\t\t\t${sha256}\n`,
    );
    const { stdout } = await run(['versions', 'hello'], { terminal: { columns: 120 } });
    expect(stdout.split('\n')[1]).toMatch(
      /^2 {8}current {2}1 hour ago {2}2\.00 KiB {2}3 {6}ci \\u202e {2}timeoutSeconds +abab/,
    );
  });

  it('are gone back to: the one before, or a certain one', async () => {
    const ran = await run(['rollback', 'hello']);
    expect([ran.stdout, ran.stderr, sent()]).toEqual([
      'hello now runs version 1.\n',
      'warning: It is old.\n',
      ['POST /rollback/hello {}'],
    ]);
    await run(['rollback', 'hello', '1']);
    expect(sent()).toEqual(['POST /rollback/hello {"version":1}']);
  });

  it('are not where there are none before, and have whole numbers', async () => {
    expect(await run(['rollback', 'new'])).toMatchObject({
      exitCode: 1,
      stderr: 'error: No version before 1 is kept.\n',
    });
    expect((await run(['rollback', 'hello', '1.5'])).exitCode).toBe(2);
  });
});

describe('glambdar rm', () => {
  it('asks, and says where it deletes', async () => {
    const ran = await run(['rm', 'hello'], { terminal: { answers: [true] } });
    expect(ran.asked).toEqual([`Delete hello at ${server.url}, with all versions, secrets and logs?`]);
    expect([ran.exitCode, ran.stdout, sent()]).toEqual([0, '✓ Deleted hello.\n', ['DELETE /del/hello']]);
  });

  it('deletes nothing without a yes', async () => {
    const no = await run(['rm', 'hello'], { terminal: { answers: [false] } });
    expect([no.exitCode, sent()]).toEqual([1, []]);
    const nobody = await run(['rm', 'hello']);
    expect([nobody.exitCode, sent()]).toEqual([2, []]);
  });

  it('is not found where there is no such function', async () => {
    expect((await run(['rm', 'nobody', '--yes'])).exitCode).toBe(5);
    expect(JSON.parse((await run(['rm', 'hello', '--yes', '--json'])).stdout)).toEqual({
      function: 'hello',
      status: 'deleted',
    });
  });
});
