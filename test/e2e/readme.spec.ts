import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { cp, mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { patientlyMs, Served } from '../support/served.js';

const run = promisify(execFile);
const project = fileURLToPath(new URL('../../', import.meta.url));
const readme = readFileSync(join(project, 'README.md'), 'utf8');

/** The route's method and path as written in the README's table, with a name put in. */
const routes = [...readme.matchAll(/`(GET|POST|PUT|PATCH|DELETE) (\/[\w/:.]*)`/g)].map(
  ([, method = '', path = '']) => ({ method, path: path.replace(':name', 'nobody') }),
);

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

/** A shell in a copy of the example, which the commands change, against this test's server; the function then goes. */
async function inCopy<T>(work: (shell: (commands: string) => Promise<string>) => Promise<T>): Promise<T> {
  const copy = await mkdtemp(join(tmpdir(), 'readme-'));
  try {
    await cp(join(project, 'examples/hello'), join(copy, 'examples/hello'), { recursive: true });
    await symlink(join(project, 'scripts'), join(copy, 'scripts'));
    return await work(async (commands) => {
      const pasted = commands.replaceAll('http://127.0.0.1:8000', served.url);
      return (await run('sh', ['-e', '-c', pasted], { cwd: copy })).stdout;
    });
  } finally {
    await served.delete('hello');
    await rm(copy, { recursive: true, force: true });
  }
}

describe('the README', () => {
  it('has an example that works as it is pasted, and answers what it says', async () => {
    const example = /In a second terminal:\s+```sh\n([^`]+)```/.exec(readme)?.[1] ?? '';
    const promised = /The second answers `([^`]+)`/.exec(readme)?.[1];
    expect(promised).toBe('{"message":"Hello Glambdar!"}');
    const [deploy = '', invoke = ''] = example
      .replaceAll('http://127.0.0.1:8000', served.url)
      .trim()
      .split('\n');
    try {
      const { stdout: deployed } = await run('sh', ['-c', deploy], { cwd: project });
      expect(deployed).toContain('"status":"deployed"');
      const { stdout: answered } = await run('sh', ['-c', invoke], { cwd: project });
      expect(answered).toBe(promised);
    } finally {
      await served.delete('hello');
      await rm(join(project, 'hello.zip'), { force: true });
    }
  }, 60_000);

  it('shows how to change the function, in commands that work as they are pasted, and how to go back', async () => {
    const [, commands = '', promised] =
      /Change it: [^`]+`PUT`[^`]+```sh\n([^`]+)```\s+It now answers `([^`]+)`/.exec(readme) ?? [];
    const goBack = /`(curl -X POST [^`]+\/rollback\/hello)` goes back/.exec(readme)?.[1] ?? '';
    const callAgain = commands.trim().split('\n').at(-1) ?? '';
    const answers = await inCopy(async (shell) => {
      await shell(
        `node scripts/zip.mjs examples/hello && curl -s -F file=@hello.zip http://127.0.0.1:8000/deploy`,
      );
      const changed = await shell(commands);
      await shell(goBack);
      return [changed.slice(changed.lastIndexOf('{')), await shell(callAgain)];
    });
    expect(promised).toBe('{"message":"Good morning, Glambdar!"}');
    expect(answers).toEqual([promised, '{"message":"Hello Glambdar!"}']);
  }, 120_000);

  it('shows how to make a function warm', async () => {
    const command = /^curl -X PATCH .*"isolation":"warm".*$/m.exec(readme)?.[0] ?? '';
    const changed = await inCopy(async (shell) => {
      await shell(
        `node scripts/zip.mjs examples/hello && curl -s -F file=@hello.zip http://127.0.0.1:8000/deploy`,
      );
      return shell(command);
    });
    expect(JSON.parse(changed)).toMatchObject({ isolation: 'warm' });
  }, 120_000);

  it('shows the example function as it is', () => {
    const source = readFileSync(join(project, 'examples/hello/index.js'), 'utf8');
    expect(readme).toContain(`\`examples/hello/index.js\` is\n\n\`\`\`js\n${source}\`\`\``);
  });

  it('names at least the five routes, health and documents', () => {
    expect(routes.length).toBeGreaterThanOrEqual(9);
  });

  it.each(routes)('names the route $method $path, which there is', async ({ method, path }) => {
    const answer = await served.send(method, path);
    const code = answer.status < 400 ? 'served' : (answer.json as { code: string }).code;
    expect(['ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED']).not.toContain(code);
  });

  it.each([...readme.matchAll(/\]\(((?!http)[^)#]+)\)/g)].map(([, target = '']) => target))(
    'links to %s, which there is',
    (target) => {
      expect(existsSync(join(project, target))).toBe(true);
    },
  );

  it('says where the OpenAPI document and its page are', async () => {
    const document = await served.get('/openapi.json');
    expect((document.json as { openapi: string }).openapi).toMatch(/^3\.1\./);
    const page = await served.get('/docs');
    expect([page.status, page.type]).toEqual([200, expect.stringContaining('text/html')]);
  });
});
