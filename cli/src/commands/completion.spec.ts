import { runCommand } from '../../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../../test/support/scripted-server.js';

afterEach(stopScriptedServers);

/** What is offered after these words; the last one is what has been typed of the next. */
async function offered(...words: string[]): Promise<string[]> {
  const functions = [{ name: 'hello' }, { name: 'help-desk' }, { name: '$(reboot)' }];
  const server = await ScriptedServer.start({ 'GET /info': { body: { count: 3, functions } } });
  const { stdout } = await runCommand(['complete', '--', ...words], {
    environment: { GLAMBDAR_URL: server.url },
  });
  return stdout.match(/^[^\t]+/gm) ?? [];
}

describe('what a shell completes', () => {
  it.each([
    ['commands', ['invo'], ['invoke', 'invocations']],
    ['commands below a command', ['secrets', ''], ['set', 'list', 'rm']],
    ['commands after an option', ['--profile', 'work', 'logo'], ['logout']],
    ['options', ['logs', 'hello', '--f'], ['--follow']],
    ['options of every command', ['list', '--p'], ['--profile']],
    ['values of an option', ['logs', 'hello', '--level', 'w'], ['warn']],
    ['values of an argument', ['completion', ''], ['bash', 'zsh', 'fish']],
    ['names of functions', ['invoke', 'hel'], ['hello', 'help-desk']],
    ['names of functions below a command', ['settings', 'get', 'hello'], ['hello']],
    ['names of functions for an option', ['invocations', '--function', 'help'], ['help-desk']],
    ['nothing for a free value', ['invoke', 'hello', '--data', ''], []],
    ['nothing after the last argument', ['info', 'hello', ''], []],
  ])('is %s: %j', async (_what, words, expected) => {
    expect(await offered(...words)).toEqual(expected);
  });

  it('never is a command, nor what a shell would run', async () => {
    expect(await offered('')).not.toContain('complete');
    expect(await offered('invoke', '')).toEqual(['hello', 'help-desk']);
  });

  it('is nothing, without an error, where the server does not answer', async () => {
    const environment = { GLAMBDAR_URL: 'http://127.0.0.1:9' };
    expect(await runCommand(['complete', '--', 'invoke', ''], { environment })).toMatchObject({
      exitCode: 0,
      stdout: '',
      stderr: '',
    });
  });
});

describe('glambdar completion', () => {
  it.each(['bash', 'zsh', 'fish'])('prints a script for %s that asks the program', async (shell) => {
    const { stdout, exitCode } = await runCommand(['completion', shell]);
    expect(exitCode).toBe(0);
    expect(stdout).toContain('glambdar complete -- ');
  });
});
