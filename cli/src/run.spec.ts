import { runCommand } from '../test/support/fake-host.js';
import { ScriptedServer, stopScriptedServers } from '../test/support/scripted-server.js';

afterEach(stopScriptedServers);

describe('the program', () => {
  it('shows its commands in groups', async () => {
    const { stdout, exitCode } = await runCommand(['--help']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/Call and watch:\n {2}invoke/);
    expect(stdout).not.toContain('complete [');
  });

  it('shows the options of every command with each', async () => {
    const { stdout } = await runCommand(['logs', '--help']);
    expect(stdout).toMatch(/Global Options:[^]*--json/);
    expect(stdout).toContain('Examples:\n  glambdar logs hello');
  });

  it('says its version', async () => {
    const { exitCode, stdout } = await runCommand(['--version']);
    expect(exitCode).toBe(0);
    expect(stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  it.each([
    [['lst'], "unknown command 'lst'", 'Did you mean one of list, ls?'],
    [['list', '--jsn'], "unknown option '--jsn'", 'Did you mean --json?'],
    [['login'], "missing required argument 'url'", '`--help` explains one'],
    [['info'], 'Which function?', 'Give its name'],
    [['info', 'a', 'b'], 'too many arguments', '`--help` explains one'],
    [['list', '--profile'], "option '--profile <name>' argument missing", '`--help` explains one'],
    [['rollback', 'hello', 'x'], "'x' is invalid", 'It is a whole number'],
  ])('refuses %j with exit code 2 and says what is wrong', async (words, problem, hint) => {
    const { stdout, stderr, exitCode } = await runCommand(words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^error: /);
    expect(stderr).toContain(problem);
    expect(stderr).toContain(hint);
  });

  it.each([[[]], [['secrets']]])('shows what there is where a command is missing: %j', async (words) => {
    const { stdout, stderr, exitCode } = await runCommand(words);
    expect([exitCode, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(/^Usage: glambdar/);
  });

  it('says what nobody expected in words, without a stack', async () => {
    const server = await ScriptedServer.start(() => ({ body: { functions: 'none' } }));
    const environment = { GLAMBDAR_URL: server.url };
    const { stderr, exitCode } = await runCommand(['list'], { environment });
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(
      /^error: Something unexpected went wrong: .*\nPlease report it, with what you did\.\n$/,
    );
  });

  it('says in colour that something is wrong, only where there are colours', async () => {
    const { stderr } = await runCommand(['lst'], { terminal: {} });
    expect(stderr).toMatch(/^\u001b\[31merror:\u001b\[39m/);
    expect((await runCommand(['lst'], { terminal: {}, environment: { NO_COLOR: '1' } })).stderr).toMatch(
      /^error:/,
    );
  });
});
