import { runCommand } from '../../test/support/fake-host.js';
import {
  problem,
  ScriptedServer,
  stopScriptedServers,
  type ScriptedAnswer,
} from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

const inForce = {
  timeoutSeconds: 30,
  isolation: 'fresh',
  egress: ['public'],
  environment: { GREETING: 'Hi\u001b' },
};
const integer = { type: ['integer', 'null'] };
const texts = { type: ['object', 'null'], additionalProperties: { type: 'string' } };
const document = {
  components: {
    schemas: { FunctionSettingsPatch: { properties: { timeoutSeconds: integer, environment: texts } } },
  },
};

let server: ScriptedServer;
async function settings(words: readonly string[], changed: ScriptedAnswer = { body: inForce }) {
  server = await ScriptedServer.start({
    'GET /openapi.json': { body: document },
    'GET /settings/hello': { body: inForce },
    'PATCH /settings/hello': changed,
  });
  return runCommand(['settings', ...words], { environment: { GLAMBDAR_URL: server.url } });
}
const patches = () =>
  server.seen.filter(({ method }) => method === 'PATCH').map(({ body }) => JSON.parse(body) as unknown);

describe('glambdar settings get', () => {
  it('has a line for each setting, and each variable', async () => {
    expect((await settings(['get', 'hello'])).stdout).toBe(
      'timeoutSeconds\t30\nisolation\tfresh\negress\t["public"]\nenvironment.GREETING\tHi\\u001b\n',
    );
  });

  it.each([
    ['timeoutSeconds', '30\n'],
    ['egress', '["public"]\n'],
    ['environment', '{"GREETING":"Hi\\u001b"}\n'],
    ['environment.GREETING', 'Hi\\u001b\n'],
  ])('of %s is its value alone', async (name, value) => {
    expect((await settings(['get', 'hello', name])).stdout).toBe(value);
  });

  it('is one JSON value with --json', async () => {
    expect(JSON.parse((await settings(['get', 'hello', '--json'])).stdout)).toEqual(inForce);
    expect(JSON.parse((await settings(['get', 'hello', 'egress', '--json'])).stdout)).toEqual(['public']);
  });

  it('of what is not there is not found', async () => {
    expect((await settings(['get', 'hello', 'nix'])).exitCode).toBe(5);
  });
});

describe('a change of settings', () => {
  const changes = [{ field: 'timeoutSeconds', from: 30, to: 7 }];

  it('is one patch, with the types of the server', async () => {
    const ran = await settings(['set', 'hello', 'timeoutSeconds=7', 'environment.A=7'], {
      body: { ...inForce, changes, warnings: ['Careful\u001b.'] },
    });
    expect(patches()).toEqual([{ timeoutSeconds: 7, environment: { A: '7' } }]);
    expect(ran.stdout).toBe('Changed the settings of hello.\ntimeoutSeconds\t30\t7\n');
    expect(ran.stderr).toBe('warning: Careful\\u001b.\n');
  });

  it('gives defaults back with unset', async () => {
    await settings(['unset', 'hello', 'timeoutSeconds', 'environment.A']);
    expect(patches()).toEqual([{ timeoutSeconds: null, environment: { A: null } }]);
  });

  it('says where nothing has changed', async () => {
    expect((await settings(['set', 'hello', 'timeoutSeconds=30'])).stdout).toBe(
      'hello has these settings already.\n',
    );
  });

  it('is not sent where a part of it is wrong, and is said in the words of the server where that refuses it', async () => {
    expect((await settings(['set', 'hello', 'timeoutSeconds=7', 'nix=1'])).exitCode).toBe(2);
    expect(patches()).toEqual([]);
    const refusal = problem(400, 'INVALID_SETTINGS', 'timeoutSeconds must be a whole number from 1 to 900.');
    const refused = await settings(['set', 'hello', 'timeoutSeconds=1000'], refusal);
    expect([refused.exitCode, refused.stderr]).toEqual([
      1,
      'error: timeoutSeconds must be a whole number from 1 to 900.\n',
    ]);
  });
});
