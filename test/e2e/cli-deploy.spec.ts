import { spawn, type ChildProcess } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { access, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { isOci } from '../support/engine.js';
import { eventually } from '../support/eventually.js';
import { glambdarProgram, personsEnvironment, runGlambdar } from '../support/glambdar.js';
import { patientlyMs, Served } from '../support/served.js';

let served: Served;
let directory: string;
beforeAll(async () => {
  served = await Served.start({ GLAMBDAR_ARCHIVE_MAX_MIB: '1' });
  directory = await mkdtemp(join(tmpdir(), 'cli-'));
}, patientlyMs);
afterAll(async () => {
  await rm(directory, { recursive: true, force: true });
  await served.expectCleanEnd();
}, patientlyMs);

const environment = () => personsEnvironment(served.url, directory);

const glambdar = (cwd: string, ...words: string[]) => runGlambdar(cwd, environment(), words);

async function sendJson(method: string, path: string, value: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const { status } = await served.send(method, path, { body: JSON.stringify(value), headers });
  expect(status).toBeLessThan(300);
}

async function folder(name: string, files: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const path = join(directory, name);
  for (const [file, content] of Object.entries(files)) {
    await mkdir(dirname(join(path, file)), { recursive: true });
    await writeFile(join(path, file), content);
  }
  return path;
}

const answering = (value: string) => `exports.handler = () => (${JSON.stringify(value)});`;

describe('glambdar init, deploy and invoke', () => {
  async function begin(template: string): Promise<string> {
    const cwd = await folder(template, {});
    await mkdir(cwd, { recursive: true });
    expect(await glambdar(cwd, 'init', '--template', template)).toMatchObject({ exitCode: 0 });
    const { exitCode, stdout, stderr } = await glambdar(cwd, 'deploy');
    expect({ exitCode, stderr }).toEqual({ exitCode: 0, stderr: '' });
    expect(stdout).toContain(`${template} is deployed: version 1`);
    expect(stdout).toContain(`${served.url}/invoke/${template}`);
    return cwd;
  }

  it('make, publish and call the first function, without a name or an option', async () => {
    const cwd = await folder('first', {});
    await mkdir(cwd, { recursive: true });
    await glambdar(cwd, 'init');
    await glambdar(cwd, 'deploy');
    expect(await glambdar(cwd, 'invoke')).toMatchObject({
      exitCode: 0,
      stdout: expect.stringContaining('Hello World!') as string,
    });
    const published = await glambdar(cwd, 'deploy', '--json');
    expect(JSON.parse(published.stdout)).toMatchObject({
      function: 'first',
      version: 2,
      url: `${served.url}/invoke/first`,
    });
  });

  it('work with the template hello', async () => {
    const cwd = await begin('hello');
    expect((await glambdar(cwd, 'invoke', '--data', '{"name":"Ada"}')).stdout).toContain(
      '{"message":"Hello Ada!"}',
    );
    const { stdout } = await glambdar(cwd, 'logs', '--json');
    expect(stdout).toContain('Greeting Ada');
  });

  it('work with the template webhook, which takes what is signed alone', async () => {
    const cwd = await begin('webhook');
    const body = '{"zen":"Keep it logically awesome."}';
    expect((await glambdar(cwd, 'invoke', '--data', body)).stdout).toContain('has no secret yet');
    await sendJson('PUT', '/secrets/webhook/WEBHOOK_SECRET', { value: 'shared' });
    const signed = (secret: string) => [
      ...['--data', body, '--header'],
      `X-Hub-Signature-256: sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    ];
    expect((await glambdar(cwd, 'invoke', ...signed('guessed'))).stdout).toContain('The signature is wrong.');
    expect((await glambdar(cwd, 'invoke', ...signed('shared'))).stdout).toContain('Accepted.');
  });

  it('work with the template schedule', async () => {
    const cwd = await begin('schedule');
    const { stdout } = await glambdar(cwd, 'invoke', '--method', 'POST', '--fail');
    expect(JSON.parse(stdout)).toMatchObject({ done: 3 });
  });

  it('refuse a folder with files, and change nothing in it, unless they are told to', async () => {
    const cwd = await folder('full', { 'index.js': 'mine' });
    expect(await glambdar(cwd, 'init')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('is not empty: it has index.js') as string,
    });
    expect(await readFile(join(cwd, 'index.js'), 'utf8')).toBe('mine');
    await expect(access(join(cwd, 'glambdar.json'))).rejects.toThrow('ENOENT');
    expect(await glambdar(cwd, 'init', '--force')).toMatchObject({ exitCode: 0 });
    expect(await readFile(join(cwd, 'index.js'), 'utf8')).toContain('exports.handler');
  });
});

describe('glambdar deploy', () => {
  it('applies the settings in glambdar.json, the same each time', async () => {
    const cwd = await folder('set', {
      'index.js': 'exports.handler = () => process.env.GREETING;',
      'glambdar.json': JSON.stringify({ settings: { timeoutSeconds: 7, environment: { GREETING: 'hi' } } }),
    });
    await glambdar(cwd, 'deploy');
    expect((await served.invoke('set')).json).toBe('hi');
    await sendJson('PATCH', '/settings/set', { timeoutSeconds: 9 });
    const { stdout } = await glambdar(cwd, 'deploy');
    expect(stdout).toContain('timeoutSeconds\t9\t7\n');
  });

  it('says what is wrong in glambdar.json, and sends nothing', async () => {
    const cwd = await folder('wrong', {
      'index.js': answering('x'),
      'glambdar.json': '{"settings":{"timeout":5}}',
    });
    const { exitCode, stderr } = await glambdar(cwd, 'deploy');
    expect(exitCode).toBe(1);
    expect(stderr).toContain('settings.timeout is not known. Known are description, runtime,');
    expect((await served.get('/info/wrong')).status).toBe(404);
  });

  it('shows with --dry-run what would be sent, and sends nothing', async () => {
    const cwd = await folder('dry', {
      'index.js': answering('x'),
      '.env': 'SECRET=1',
      'notes.md': '',
      '.glambdarignore': '*.md\n',
      'glambdar.json': '{"name":"dry-run","settings":{"memoryMiB":128}}',
    });
    const { exitCode, stdout } = await glambdar(cwd, 'deploy', '--dry-run', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toEqual({
      name: 'dry-run',
      settings: { memoryMiB: 128 },
      files: [{ path: 'index.js', bytes: answering('x').length }],
      leftOut: ['.env', '.glambdarignore', 'glambdar.json', 'notes.md'],
      packagesFrom: 'here',
      warnings: [],
    });
    expect((await served.get('/info/dry-run')).status).toBe(404);
  });

  it('sends a zip as it is', async () => {
    const cwd = await folder('zipped', { 'index.js': answering('from a zip') });
    expect(await glambdar(cwd, 'pack', '.', 'made.zip')).toMatchObject({ exitCode: 0 });
    expect(await glambdar(cwd, 'deploy', 'made.zip', '--name', 'unpacked')).toMatchObject({
      exitCode: 0,
      stderr: '',
    });
    expect((await served.invoke('unpacked')).json).toBe('from a zip');
  });

  it('says what the server refuses: an archive that is too large, and code that does not load', async () => {
    const large = await folder('large', { 'index.js': answering('x'), blob: randomBytes(3 * 1024 * 1024) });
    expect(await glambdar(large, 'deploy')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('larger than this server accepts') as string,
    });
    const broken = await folder('broken', { 'index.js': 'broken(' });
    expect(await glambdar(broken, 'deploy', '--strict')).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining('Unexpected end of input') as string,
    });
    const lenient = await glambdar(broken, 'deploy');
    expect(lenient).toMatchObject({
      exitCode: 0,
      stderr: expect.stringContaining('warning: The code does not load') as string,
    });
  });

  it('says that nothing answers, and what to do', async () => {
    const cwd = await folder('alone', { 'index.js': answering('x') });
    const nowhere = { ...environment(), GLAMBDAR_URL: 'http://127.0.0.1:9' };
    const child = spawn(process.execPath, [glambdarProgram, 'deploy'], {
      cwd,
      env: nowhere,
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    const [exitCode] = (await once(child, 'close')) as [number];
    expect({ exitCode, stderr }).toEqual({
      exitCode: 3,
      stderr: expect.stringContaining('Nothing answers at http://127.0.0.1:9') as string,
    });
  });
});

describe('glambdar dev', () => {
  interface Event {
    readonly event?: string;
    readonly version?: number;
    readonly text?: string;
  }

  const started: ChildProcess[] = [];
  afterEach(() => {
    for (const child of started.splice(0)) child.kill('SIGKILL');
  });

  /** What a running command has printed, by lines of JSON. */
  class Running {
    private output = '';

    constructor(readonly child: ChildProcess) {
      started.push(child);
      child.stdout?.on('data', (chunk: Buffer) => (this.output += chunk.toString()));
    }

    static start(cwd: string, ...words: string[]): Running {
      const stdio: ['ignore', 'pipe', 'pipe'] = ['ignore', 'pipe', 'pipe'];
      const child = spawn(process.execPath, [glambdarProgram, ...words, '--json'], {
        cwd,
        env: environment(),
        stdio,
      });
      return new Running(child);
    }

    get events(): Event[] {
      const whole = this.output.slice(0, this.output.lastIndexOf('\n') + 1);
      return whole.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as Event]));
    }

    saw(what: string, isIt: (event: Event) => boolean): Promise<Event> {
      return eventually(what, () => this.events.find(isIt));
    }

    async interrupt(): Promise<number | null> {
      const ended = once(this.child, 'close') as Promise<[number | null]>;
      this.child.kill('SIGINT');
      return (await ended)[0];
    }
  }

  it(
    'publishes each save, keeps the last good one when a save is broken, shows the log, and ends at Ctrl-C',
    async () => {
      const cwd = await folder('dev', { 'index.js': answering('one') });
      const running = Running.start(cwd, 'dev');
      await running.saw('the first version', ({ version }) => version === 1);
      await writeFile(join(cwd, 'index.js'), `console.log('loaded two');${answering('two')}`);
      const second = await running.saw(
        'the second version',
        ({ event, version }) => event === 'published' && version === 2,
      );
      expect(second).toMatchObject({ event: 'published', function: 'dev' });
      expect((await served.invoke('dev')).json).toBe('two');
      await running.saw('the log', ({ text }) => text === 'loaded two');

      await writeFile(join(cwd, 'index.js'), 'broken(');
      const failed = await running.saw('the broken save', ({ event }) => event === 'failed');
      expect(failed).toMatchObject({
        version: 2,
        message: expect.stringContaining('Unexpected end of input') as string,
      });
      expect((await served.invoke('dev')).json).toBe('two');

      await writeFile(join(cwd, 'index.js'), answering('three'));
      await running.saw('the repaired save', ({ version, event }) => version === 3 && event === 'published');
      expect((await served.invoke('dev')).json).toBe('three');
      expect(await running.interrupt()).toBe(130);
    },
    patientlyMs,
  );

  it(
    'publishes what glambdar.json says as well, and nothing that is left out',
    async () => {
      const cwd = await folder('watched', {
        'index.js': answering('x'),
        '.glambdarignore': '*.txt\n',
        'a.txt': '',
      });
      const running = Running.start(cwd, 'deploy', '--watch');
      await running.saw('the first version', ({ version }) => version === 1);
      await writeFile(join(cwd, 'a.txt'), 'changed');
      await writeFile(join(cwd, 'glambdar.json'), '{"settings":{"timeoutSeconds":4}}');
      await running.saw('the second version', ({ event, version }) => event === 'published' && version === 2);
      expect((await served.get('/settings/watched')).json).toMatchObject({ timeoutSeconds: 4 });
      expect(await running.interrupt()).toBe(130);
      expect(running.events.filter(({ event }) => event === 'published')).toHaveLength(2);
    },
    patientlyMs,
  );

  it('ends at once where there is no server', async () => {
    const cwd = await folder('no-server', { 'index.js': answering('x') });
    const nowhere = { ...environment(), GLAMBDAR_URL: 'http://127.0.0.1:9' };
    const child = spawn(process.execPath, [glambdarProgram, 'dev'], { cwd, env: nowhere, stdio: 'ignore' });
    expect(await once(child, 'close')).toEqual([3, null]);
  });
});

describe('glambdar server', () => {
  it('status says that the server can serve, what it is and how much it does', async () => {
    const { exitCode, stdout } = await glambdar(directory, 'server', 'status', '--json');
    expect(exitCode).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({
      url: served.url,
      ready: true,
      checks: { engine: { status: 'up' } },
      version: expect.any(String) as string,
      functions: expect.any(Number) as number,
      running: 0,
    });
  });

  it('doctor finds what this machine has for a server', async () => {
    const { stdout } = await glambdar(directory, 'server', 'doctor', '--json');
    const findings = JSON.parse(stdout) as { name: string; state: string }[];
    const states = Object.fromEntries(findings.map(({ name, state }) => [name, state]));
    expect(states).toMatchObject({
      'Node.js': 'ok',
      Server: 'ok',
      [isOci ? 'OCI runtime' : 'Docker Engine']: 'ok',
      'Worker image': 'ok',
      'Private files': 'ok',
    });
  });

  it(
    'start runs a server until Ctrl-C',
    async () => {
      const kept = await mkdtemp(join(tmpdir(), 'gl-'));
      const env = { ...environment(), GLAMBDAR_DIR: kept, GLAMBDAR_PORT: '0' };
      const child = spawn(process.execPath, [glambdarProgram, 'server', 'start'], {
        cwd: directory,
        env,
        stdio: ['ignore', 'pipe', 'inherit'],
      });
      let stdout = '';
      child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
      await eventually('the address of the server', () => /"url":"http:/.exec(stdout) ?? undefined);
      const ended = once(child, 'close');
      child.kill('SIGINT');
      expect(await ended).toEqual([0, null]);
      await rm(kept, { recursive: true, force: true });
    },
    patientlyMs,
  );
});
