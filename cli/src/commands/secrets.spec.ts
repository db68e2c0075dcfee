import { runCommand, type Given } from '../../test/support/fake-host.js';
import { problem, ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const at = '2026-03-01T11:00:00.000Z';
let server: ScriptedServer;
async function secrets(words: readonly string[], given: Given = {}) {
  server = await ScriptedServer.start({
    'PUT /secrets/hello/API_KEY': { status: 204 },
    'DELETE /secrets/hello/API_KEY': { status: 204 },
    'DELETE /secrets/hello/NIX': problem(404, 'SECRET_NOT_FOUND', 'There is no such secret.'),
    'GET /secrets/hello': {
      body: { function: 'hello', count: 1, secrets: [{ key: 'API_KEY', createdAt: at, updatedAt: at }] },
    },
  });
  return runCommand(['secrets', ...words], {
    environment: { GLAMBDAR_URL: server.url, NO_COLOR: '1' },
    ...given,
  });
}
const sent = () => server.seen.map(({ method, path, body }) => `${method} ${path} ${body}`.trim());

describe('the value of a secret', () => {
  it('is asked for where a person sits, and not shown', async () => {
    const ran = await secrets(['set', 'hello', 'API_KEY'], { terminal: { answers: ['hunter2'] } });
    expect(ran).toMatchObject({ exitCode: 0, asked: ['Value of API_KEY of hello'] });
    expect(sent()).toEqual(['PUT /secrets/hello/API_KEY {"value":"hunter2"}']);
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  });

  it.each([
    ['hunter2', 'hunter2'],
    ['hunter2\n', 'hunter2'],
    ['two\nlines\r\n', 'two\nlines'],
    ['kept\n\n', 'kept\n'],
    ['  spaces ', '  spaces '],
  ])('is %j on standard input, without the line end that echo adds', async (stdin, value) => {
    await secrets(['set', 'hello', 'API_KEY'], { stdin });
    expect(sent()).toEqual([`PUT /secrets/hello/API_KEY ${JSON.stringify({ value })}`]);
  });

  it.each([
    [['set', 'hello', 'API_KEY', 'hunter2']],
    [['set', 'hello', 'API_KEY=hunter2']],
    [['set', 'hello', '--', 'API_KEY', 'hunter2']],
  ])('is never an argument, and not repeated, as in %j', async (words) => {
    const ran = await secrets(words, { stdin: 'other' });
    expect([ran.exitCode, sent()]).toEqual([2, []]);
    expect(ran.stderr).toContain("A secret's value is never an argument");
    expect(ran.stdout + ran.stderr).not.toContain('hunter2');
  });

  it('is not nothing', async () => {
    const ran = await secrets(['set', 'hello', 'API_KEY']);
    expect([ran.exitCode, sent()]).toEqual([2, []]);
    expect(ran.stderr).toContain('There is no value on standard input.');
  });
});

describe('secrets', () => {
  it('are listed by name', async () => {
    expect((await secrets(['list', 'hello'])).stdout).toBe(`API_KEY\t${at}\t${at}\n`);
  });

  it('are removed after a question', async () => {
    const yes = await secrets(['rm', 'hello', 'API_KEY'], { terminal: { answers: [true] } });
    expect([yes.exitCode, yes.asked, sent()]).toEqual([
      0,
      ['Remove the secret API_KEY of hello?'],
      ['DELETE /secrets/hello/API_KEY'],
    ]);
    const no = await secrets(['rm', 'hello', 'API_KEY'], { terminal: { answers: [false] } });
    expect([no.exitCode, sent()]).toEqual([1, []]);
  });

  it('are removed without one only with --yes where nobody can be asked', async () => {
    const refused = await secrets(['rm', 'hello', 'API_KEY']);
    expect([refused.exitCode, sent()]).toEqual([2, []]);
    expect(refused.stderr).toContain('Add `--yes` if you mean it.');
    expect((await secrets(['rm', 'hello', 'API_KEY', '-y'])).exitCode).toBe(0);
    expect((await secrets(['rm', 'hello', 'NIX', '--yes'])).exitCode).toBe(5);
  });

  it('have the names of variables', async () => {
    expect((await secrets(['set', 'hello', '../other'], { stdin: 'x' })).exitCode).toBe(2);
  });
});
