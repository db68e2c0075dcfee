import { problem, ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';
import { runCommand } from '../../test/support/fake-host.js';

const hello = {
  name: 'hello',
  createdAt: '2026-03-01T11:00:00.000Z',
  lastInvokedAt: '2026-03-01T11:57:00.000Z',
  invokeCount: 12,
  version: 3,
  sha256: 'a'.repeat(64),
  codeBytes: 120,
  fileCount: 1,
  state: 'active',
  runtime: 'nodejs24.x',
  isolation: 'fresh',
  minContainers: 0,
  maxContainers: 4,
  idleTimeoutSeconds: 300,
};
const answer = {
  count: 2,
  functions: [hello, { ...hello, name: 'shop', state: 'failing', lastInvokedAt: null, invokeCount: 0 }],
};

let server: ScriptedServer;
afterEach(stopScriptedServers);

async function list(words: readonly string[], body: unknown, given: Parameters<typeof runCommand>[1] = {}) {
  server = await ScriptedServer.start({ 'GET /info': { body } });
  return runCommand(['list', ...words], { environment: { GLAMBDAR_URL: server.url }, ...given });
}

describe('glambdar list', () => {
  it('is a table on a terminal', async () => {
    server = await ScriptedServer.start({ 'GET /info': { body: answer } });
    const environment = { GLAMBDAR_URL: server.url, NO_COLOR: '1' };
    const { stdout, stderr, exitCode } = await runCommand(['list'], { environment, terminal: {} });
    expect(stdout).toBe(`\
NAME   STATE    VERSION  RUNTIME     CALLS  LAST CALL
hello  active   3        nodejs24.x  12     3 minutes ago
shop   failing  3        nodejs24.x  0      -
`);
    expect({ stderr, exitCode }).toEqual({ stderr: '', exitCode: 0 });
  });

  it('is lines of whole cells between tabs in a pipe', async () => {
    const { stdout } = await list([], answer);
    expect(stdout).toBe(
      'hello\tactive\t3\tnodejs24.x\t12\t2026-03-01T11:57:00.000Z\nshop\tfailing\t3\tnodejs24.x\t0\t\n',
    );
  });

  it('is what the server said with --json, before or after the command', async () => {
    const { stdout } = await list(['--json'], answer);
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  it('says how to begin where there is nothing', async () => {
    server = await ScriptedServer.start({ 'GET /info': { body: { count: 0, functions: [] } } });
    const environment = { GLAMBDAR_URL: server.url };
    const { stdout } = await runCommand(['list'], { environment, terminal: {} });
    expect(stdout).toBe('There are no functions yet. Deploy one with `glambdar deploy`.\n');
  });

  it('sends the key, and says what to do where it is missing', async () => {
    server = await ScriptedServer.start(({ headers }) =>
      headers['x-glambdar-key'] === 'glb_right'
        ? { body: { count: 0, functions: [] } }
        : problem(401, 'UNAUTHENTICATED', 'A key is needed.'),
    );
    const environment = { GLAMBDAR_URL: server.url };
    const refused = await runCommand(['list'], { environment });
    expect(refused).toMatchObject({ exitCode: 4, stdout: '' });
    expect(refused.stderr).toBe(
      `error: A key is needed.\nRun \`glambdar login ${server.url}\`, or set GLAMBDAR_KEY.\n`,
    );
    const admitted = await runCommand(['list'], {
      environment: { ...environment, GLAMBDAR_KEY: 'glb_right' },
    });
    expect(admitted.exitCode).toBe(0);
  });

  it('says what to do where nothing answers, and where something else does', async () => {
    server = await ScriptedServer.start({ 'GET /info': { body: '<html>' } });
    const environment = { GLAMBDAR_URL: server.url };
    const other = await runCommand(['list'], { environment });
    expect(other.exitCode).toBe(3);
    expect(other.stderr).toContain(`What answers at ${server.url} is not a Glambdar server.`);
    await server.stop();
    const nothing = await runCommand(['list'], { environment });
    expect(nothing.exitCode).toBe(3);
    expect(nothing.stderr).toContain(`Nothing answers at ${server.url} (ECONNREFUSED).`);
  });
});
