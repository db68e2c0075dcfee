import { runCommand } from '../../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

describe('a server that leads to another address', () => {
  it.each([
    ['a list', ['list']],
    ['a change', ['rm', 'hello', '--yes']],
    ['a stream', ['logs', 'hello', '--follow']],
    ['the state of the server', ['server', 'status']],
    ['a call', ['invoke', 'hello']],
  ])('does not get the key sent there: %s', async (_what, words) => {
    const other = await ScriptedServer.start(() => ({ body: {} }));
    const headers = { location: `${other.url}/elsewhere` };
    const server = await ScriptedServer.start(() => ({ status: 307, headers, body: '' }));
    const environment = { GLAMBDAR_URL: server.url, GLAMBDAR_KEY: 'glb_key' };
    await runCommand(words, { environment });
    expect(server.seen).not.toEqual([]);
    expect(other.seen).toEqual([]);
  });

  it('is named with where it leads', async () => {
    const headers = { location: 'https://other.example/a' };
    const server = await ScriptedServer.start(() => ({ status: 301, headers, body: '' }));
    const { exitCode, stderr } = await runCommand(['list'], { environment: { GLAMBDAR_URL: server.url } });
    expect(exitCode).toBe(3);
    expect(stderr).toContain(`${server.url} leads to another address, at https://other.example.`);
    expect(stderr).toContain('glambdar login https://other.example');
  });
});
