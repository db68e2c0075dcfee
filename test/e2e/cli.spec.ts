import { execFile } from 'node:child_process';
import { cp, mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { jest } from '@jest/globals';
import { Client } from '../support/client.js';
import { CommandLine } from '../support/command-line.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';
import { handlerZip } from '../support/zip.js';

jest.setTimeout(patientlyMs);

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));

/** Prints and answers what a terminal would obey, as its caller wants it. */
const hostile = `async ({ rawPath, body }) => {
  console.log('printed \\u001b[31mred\\u202e');
  if (rawPath === '/throw') throw new TypeError('thrown \\u001b]0;title\\u0007');
  if (rawPath === '/many') for (let line = 0; line < 2000; line += 1) console.log('x'.repeat(200));
  return { statusCode: 200, headers: { 'content-type': 'text/plain' }, body: 'answer \\u001b[2J' + (body ?? '') };
}`;
// An escape sequence of somebody else, or what turns the direction of text.
const obeyed = /\u001b\[2J|\u001b\]0|\u001b\[31mred|\u202e/;

let served: Served;
let person: CommandLine;
let key: string;
let owner: Client;

beforeAll(async () => {
  served = await Served.start();
  await served.deploy('hostile', handlerZip(hostile));
  await served.deploy('hello', handlerZip(`async () => 'Hello'`));
  const keys = ['scripts/keys.mjs', 'create', '--name', 'cli', '--scopes', 'admin'];
  const env = { ...process.env, GLAMBDAR_DIR: served.directory, NODE_OPTIONS: '' };
  key = (await run(process.execPath, keys, { cwd: project, env })).stdout.trim();
  await eventually('the server needs a key', async () => (await served.send('GET', '/info')).status === 401);
  owner = new Client(served.url, key);
  person = await CommandLine.create({ GLAMBDAR_URL: served.url, GLAMBDAR_KEY: key });
}, patientlyMs);

afterAll(async () => {
  await person.remove();
  await served.expectCleanEnd();
}, patientlyMs);

const inPipe = (commandLine: string, stdin?: string) => person.run(commandLine, stdin);

/** What is shown where a person sits, once it has ended. */
async function onTerminal(commandLine: string, as = person): Promise<{ exitCode: number; text: string }> {
  const terminal = as.terminal(commandLine);
  const exitCode = await terminal.ended;
  return { exitCode, text: terminal.text };
}

describe('glambdar login', () => {
  it('asks for the key without showing it, and keeps it where only its owner reads it', async () => {
    const newcomer = await CommandLine.create();
    try {
      const terminal = newcomer.terminal(`glambdar login ${served.url}`);
      await terminal.shows(`Key for ${served.url}`);
      terminal.type(`${key}\r`);
      expect([await terminal.ended, terminal.text]).toEqual([
        0,
        expect.stringContaining(`Logged in to ${served.url}`),
      ]);
      expect(terminal.text).not.toContain(key.slice(-20));
      const { mode } = await stat(join(newcomer.home, '.config/glambdar/profiles/default.json'));
      expect(mode & 0o777).toBe(0o600);
      expect((await newcomer.run('glambdar list')).stdout).toMatch(/^hostile\tactive\t/m);
    } finally {
      await newcomer.remove();
    }
  });

  it('ends with 130 at Ctrl-C, and keeps nothing', async () => {
    const newcomer = await CommandLine.create();
    try {
      const terminal = newcomer.terminal(`glambdar login ${served.url}`);
      await terminal.shows(`Key for ${served.url}`);
      terminal.pressCtrlC();
      expect(await terminal.ended).toBe(130);
      expect((await newcomer.run('glambdar profiles --json')).stdout).toBe('[]\n');
    } finally {
      await newcomer.remove();
    }
  });
});

describe('what is printed', () => {
  it('is a table in colour on a terminal, without colour with NO_COLOR, and plain lines in a pipe', async () => {
    expect((await onTerminal('glambdar list')).text).toContain('\u001b[2mNAME');
    const { text } = await onTerminal('glambdar list', person.with({ NO_COLOR: '1' }));
    expect(text).toMatch(
      /^NAME +STATE +VERSION +RUNTIME +CALLS +LAST CALL\nhostile +active +1 +nodejs24\.x +0 +-\n/,
    );
    expect(text).not.toContain('\u001b');
    expect((await inPipe('glambdar list')).stdout).toBe(
      'hostile\tactive\t1\tnodejs24.x\t0\t\nhello\tactive\t1\tnodejs24.x\t0\t\n',
    );
    expect((await inPipe('FORCE_COLOR=1 glambdar nix')).stderr).toContain('\u001b[31merror:');
  });

  it.each([
    'list',
    'info hello',
    'versions hello',
    'settings get hello',
    'secrets list hello',
    'keys list',
    'invocations',
    'logs hello',
    'open',
    'profiles',
    'invoke hello',
  ])('is one JSON value with --json: %s', async (words) => {
    const { exitCode, stdout, stderr } = await inPipe(`glambdar ${words} --json`);
    expect({ exitCode, stderr, isValue: JSON.parse(stdout) !== undefined }).toEqual({
      exitCode: 0,
      stderr: '',
      isValue: true,
    });
  });

  it('is the result on standard output alone, and progress on the terminal beside it', async () => {
    const { exitCode, text } = await onTerminal(`sh -c 'glambdar invoke hello > answer.txt'`);
    expect([exitCode, await readFile(join(person.home, 'answer.txt'), 'utf8')]).toEqual([0, '"Hello"']);
    expect(text).toContain('Waiting for hello…');
    expect((await inPipe('glambdar invoke hello')).stderr).toBe('');
  });

  it('is nothing that a terminal obeys, and the very bytes in a pipe', async () => {
    const { text } = await onTerminal('glambdar invoke hostile');
    expect(text).toContain('answer \\u001b[2J');
    const failed = await onTerminal('glambdar invoke hostile --path /throw');
    expect([failed.exitCode, failed.text]).toEqual([
      1,
      expect.stringContaining('thrown \\u001b]0;title\\u0007'),
    ]);
    await eventually('the line is kept', async () =>
      (await owner.send('GET', '/logs/hostile')).text.includes('printed'),
    );
    const log = await onTerminal('glambdar logs hostile');
    expect(log.text).toContain('printed \\u001b[31mred\\u202e');
    for (const shown of [text, failed.text, log.text]) expect(shown).not.toMatch(obeyed);
    expect((await inPipe('glambdar invoke hostile -d !')).stdout).toBe('answer \u001b[2J!');
    const [line] = (
      JSON.parse((await inPipe('glambdar logs hostile --json')).stdout) as { lines: { text: string }[] }
    ).lines;
    expect(line?.text).toBe('printed \u001b[31mred\u202e');
  });

  it('may be read only in part', async () => {
    await inPipe('glambdar invoke hostile --path /many');
    await eventually('its lines are kept', async () =>
      (await owner.send('GET', '/logs/hostile')).text.includes('xxx'),
    );
    const { stdout, stderr } = await inPipe(
      'glambdar logs hostile -n 1500 | head -1; echo "${PIPESTATUS[0]}"',
    );
    expect([stdout.split('\n').slice(1), stderr]).toEqual([['0', ''], '']);
  });
});

describe('the exit code', () => {
  it.each([
    ['where the function fails', 'glambdar invoke hostile --path /throw', 1],
    ['where the command line is wrong', 'glambdar list --nix', 2],
    ['where nothing answers', 'GLAMBDAR_URL=http://127.0.0.1:9 glambdar list', 3],
    ['without a key', 'GLAMBDAR_KEY= glambdar list', 4],
    ['with a wrong key', 'GLAMBDAR_KEY=glb_wrong glambdar list', 4],
    ['where there is no such function', 'glambdar info nobody', 5],
  ])('%s is that of docs/cli.md, with words and no stack', async (_case, commandLine, exitCode) => {
    const printed = await inPipe(commandLine);
    expect([printed.exitCode, printed.stdout]).toEqual([exitCode, '']);
    expect(printed.stderr).toMatch(/^error: [A-Z"'u]/);
    expect(printed.stderr).not.toMatch(/\n {4}at |node:/);
  });
});

describe('glambdar logs --follow', () => {
  it('shows each line as it is printed, until Ctrl-C', async () => {
    await owner.deploy('talking', handlerZip(`async () => console.log('as it is printed')`));
    const terminal = person.with({ NO_COLOR: '1' }).terminal('glambdar logs talking --follow');
    await inPipe('glambdar invoke talking');
    await terminal.shows('info  as it is printed');
    await inPipe('glambdar invoke talking');
    await eventually('the second line', () => terminal.text.match(/as it is printed/g)?.length === 2);
    terminal.pressCtrlC();
    expect(await terminal.ended).toBe(130);
  });
});

describe('secrets', () => {
  it('are typed without being shown, reach the function, and are removed only after a yes', async () => {
    const terminal = person.terminal('glambdar secrets set hello TYPED');
    await terminal.shows('Value of TYPED of hello');
    terminal.type('hunter2\r');
    expect(await terminal.ended).toBe(0);
    expect(terminal.text).not.toContain('hunter2');
    expect((await inPipe('glambdar secrets list hello')).stdout).toMatch(/^TYPED\t/);
    const question = person.terminal('glambdar secrets rm hello TYPED');
    await question.shows('Remove the secret TYPED of hello?');
    question.type('n');
    expect(await question.ended).toBe(1);
    expect((await inPipe('glambdar secrets rm hello TYPED')).exitCode).toBe(2);
    expect((await inPipe('glambdar secrets rm hello TYPED --yes')).exitCode).toBe(0);
  });
});

describe('docs/cli.md', () => {
  const exampleEvent = '0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55';
  /** Commands whose examples run in specs of their own. */
  const elsewhere = /\bglambdar (init|deploy|dev|server|login|open|logs .*--follow)\b/;

  it('has examples that work as they are pasted', async () => {
    const page = await readFile(join(project, 'docs/cli.md'), 'utf8');
    const examples = [...page.matchAll(/^```sh\n([^`]+)```$/gm)]
      .flatMap(([, lines = '']) => lines.split('\n'))
      .filter((line) => /^(?!#|np[mx] ).*\bglambdar\b/.test(line) && !elsewhere.test(line));
    await prepareExamples();
    const [succeeded, dead] = [await eventOf('hello', 'succeeded'), await eventOf('broken', 'dead')];
    const { invocationId } = await owner.send('GET', '/invoke/hello');
    const spare = await inPipe('glambdar keys create --name spare --scopes admin --json');
    const { id } = JSON.parse(spare.stdout) as { id: string };
    await eventually(
      'the call is recorded',
      async () => (await owner.send('GET', `/invocations/${invocationId}`)).status === 200,
    );
    const failed: unknown[] = [];
    for (const example of examples) {
      const pasted = example
        .replace('5bd66ef5-0954-4a1c-8c7d-1f2e3d4c5b6a', invocationId)
        .replace('0123456789ab', id)
        // Only what is dead can be tried again.
        .replace(exampleEvent, example.includes(' retry ') ? dead : succeeded)
        .replace('/tmp/', `${person.home}/`);
      const { exitCode, stderr } = await inPipe(pasted, 'a value\n');
      if (exitCode !== 0) failed.push({ example, exitCode, stderr });
    }
    expect(failed).toEqual([]);
    expect(examples.length).toBeGreaterThan(25);
  });

  /** An event of this function that has ended so. */
  async function eventOf(name: string, state: string): Promise<string> {
    const submitted = await owner.send('POST', `/invoke/${name}`, { headers: { prefer: 'respond-async' } });
    const { id } = submitted.json as { id: string };
    expect((await owner.get(`/events/${id}?wait=60`)).json).toMatchObject({ state });
    return id;
  }

  /** Two versions of `hello`, a function that fails, a schedule, and the files that are named. */
  async function prepareExamples(): Promise<void> {
    await owner.publish('hello', handlerZip(`async () => 'Hello again'`));
    const once = { retry: { maxAttempts: 1 } };
    await owner.publish('broken', handlerZip(`async () => { throw new Error('broken'); }`), once);
    await owner.send('PUT', '/schedules/hello/nightly', {
      body: JSON.stringify({ cron: '0 3 * * *' }),
      headers: { 'content-type': 'application/json' },
    });
    await mkdir(join(person.home, 'hello'));
    for (const directory of ['.zsh/completions', '.config/fish/completions'])
      await mkdir(join(person.home, directory), { recursive: true });
    const files = {
      'hello/index.js': 'exports.handler = async () => 1;',
      'index.js': '',
      'api-key.txt': 'x',
      'order.json': '{}',
    };
    for (const [name, text] of Object.entries(files)) await writeFile(join(person.home, name), text);
  }
});

describe('completion in bash', () => {
  it('knows commands and the names of functions', async () => {
    await owner.deploy('completed', handlerZip('async () => 1'));
    const press = (words: string, at: number) =>
      inPipe(
        `source <(glambdar completion bash); COMP_WORDS=(${words}); COMP_CWORD=${at}; _glambdar; echo "\${COMPREPLY[@]}"`,
      );
    expect((await press('glambdar invoca', 1)).stdout).toBe('invocations\n');
    expect((await press('glambdar invoke compl', 2)).stdout).toBe('completed\n');
  });
});

describe('the npm package', () => {
  it('holds the program and what it needs, and nothing of this project', async () => {
    const { stdout } = await run(
      'npm',
      ['pack', '--dry-run', '--json', '--ignore-scripts', '-w', 'glambdar'],
      { cwd: project },
    );
    const [{ files }] = JSON.parse(stdout) as [{ files: { path: string }[] }];
    const paths = files.map(({ path }) => path).filter((path) => !path.startsWith('templates/'));
    expect(paths.sort()).toEqual([
      'LICENSE',
      'README.md',
      'bin/glambdar.js',
      'dist/glambdar.js',
      'glambdar.schema.json',
      'package.json',
    ]);
    const manifest = JSON.parse(await readFile(join(project, 'cli/package.json'), 'utf8')) as {
      dependencies: Record<string, string>;
    };
    const bundle = await readFile(join(project, 'cli/dist/glambdar.js'), 'utf8');
    const imported = [...bundle.matchAll(/^import .*? from "([^"]+)";$|\bimport\("([^"]+)"\)/gm)].map(
      ([, a, b]) => a ?? b ?? '',
    );
    const foreign = imported
      .filter((name) => !name.startsWith('node:'))
      .map((name) => /^(@[^/]+\/)?[^/]+/.exec(name)?.[0]);
    expect([...new Set(foreign)].filter((name = '') => manifest.dependencies[name] === undefined)).toEqual(
      [],
    );
  });

  it('says what to do where it is not built', async () => {
    await cp(join(project, 'cli/bin'), join(person.home, 'unbuilt/bin'), { recursive: true });
    await writeFile(join(person.home, 'unbuilt/package.json'), '{"type":"module"}');
    const printed = await inPipe('node unbuilt/bin/glambdar.js list');
    expect([printed.exitCode, printed.stdout]).toEqual([1, '']);
    expect(printed.stderr).toMatch(/^error: The command line is not built yet\. Run `npm run build`/);
  });
});
