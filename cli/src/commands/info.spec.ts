import { runCommand, type Given } from '../../test/support/fake-host.js';
import { problem, ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const hello = {
  name: 'hello',
  createdAt: '2026-03-01T11:00:00.000Z',
  lastInvokedAt: null,
  invokeCount: 0,
  version: 3,
  sha256: 'ab'.repeat(32),
  codeBytes: 120,
  fileCount: 1,
  state: 'failing',
  stateReason: 'It does not load: \u001b[2J',
  runtime: 'nodejs24.x',
  isolation: 'fresh',
  minContainers: 0,
  maxContainers: 4,
  idleTimeoutSeconds: 300,
};

let server: ScriptedServer;
async function run(words: readonly string[], given: Given = {}) {
  server = await ScriptedServer.start({
    'GET /info/hello': { body: hello },
    'GET /info/nobody': problem(
      404,
      'FUNCTION_NOT_FOUND',
      'There is no function named "nobody"; deploy it first.',
    ),
  });
  return runCommand(words, { environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' }, ...given });
}

describe('glambdar info', () => {
  it('has a line for each fact, and why a function does not work', async () => {
    const { stdout } = await run(['info', 'hello'], { terminal: {} });
    expect(stdout).toContain(`address:    ${server.url}/invoke/hello\nstate:      failing\n`);
    expect(stdout).toContain('reason:     It does not load: \\u001b[2J\n');
    expect(stdout).toContain('size:       120 B in 1 file\n');
  });

  it('says what is not there', async () => {
    const ran = await run(['info', 'nobody']);
    expect([ran.exitCode, ran.stderr]).toEqual([
      5,
      'error: There is no function named "nobody"; deploy it first.\n',
    ]);
  });
});

describe('glambdar open', () => {
  it('opens the dashboard of the server, and prints its address', async () => {
    const pages: string[] = [];
    const browse = (url: string) => pages.push(url) > 0;
    const { stdout, stderr } = await run(['open'], { terminal: {}, browse });
    expect([stdout, stderr, pages]).toEqual([`${server.url}/ui/\n`, '', [`${server.url}/ui/`]]);
  });

  it('says what to do where no browser can be opened', async () => {
    const { stdout, stderr } = await run(['open'], { terminal: {} });
    expect([stdout, stderr]).toEqual([
      `${server.url}/ui/\n`,
      'No browser can be opened here: open the address yourself.\n',
    ]);
    expect(JSON.parse((await run(['open', '--json'])).stdout)).toEqual({
      url: `${server.url}/ui/`,
      opened: false,
    });
  });
});
