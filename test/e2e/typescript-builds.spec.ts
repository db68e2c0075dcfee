import { jest } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { eventsFrom } from '../support/event-stream.js';
import { patientlyMs, Served } from '../support/served.js';
import { zipOf } from '../support/zip.js';

jest.setTimeout(patientlyMs);

let served: Served;
beforeAll(async () => {
  served = await Served.start();
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

const legacyDecorators = JSON.stringify({
  compilerOptions: { experimentalDecorators: true, paths: { '@/*': ['./src/*'] } },
});

const ofCommonJs = {
  'tsconfig.json': legacyDecorators,
  'index.ts': `
    import { Color, Words } from '@/words';
    const seen: string[] = [];
    const note = (_: object, name: string) => { seen.push(name); };
    class Greeter {
      constructor(private readonly name: string) {}
      @note greet() { return \`\${Words.greeting} \${this.name}\`; }
    }
    export const handler = async () => ({ body: [new Greeter('you').greet(), Color.Red, seen] });`,
  'src/words.ts':
    "export enum Color { Red = 'red' }\nexport namespace Words { export const greeting = 'hello'; }",
};

const ofModules = {
  'package.json': '{"type":"module"}',
  'index.ts': `
    enum Size { Small, Large }
    const loud = (method: () => string, _: ClassMethodDecoratorContext) =>
      function (this: unknown) { return method.call(this).toUpperCase(); };
    class Greeter { @loud greet() { return 'hello'; } }
    const ready = await Promise.resolve(import.meta.url.startsWith('file:'));
    export const handler = async () => ({ body: [new Greeter().greet(), Size.Large, ready] });`,
};

interface Failure {
  readonly failure: { readonly stack: string };
}

describe('TypeScript that needs more than its types stripped', () => {
  it.each([
    ['CommonJS', ofCommonJs, ['hello you', 'red', ['greet']]],
    ['ES modules', ofModules, ['HELLO', 1, true]],
  ])('runs: %s', async (kind, files, gives) => {
    const name = kind.replace(' ', '-');
    const { json } = await served.deploy(name, zipOf(files));
    expect(json).toMatchObject({ build: { state: 'succeeded' } });
    expect((await served.invoke(name)).json).toEqual(gives);
  });

  it('throws from its own files and lines, wherever the setting handler finds it', async () => {
    const files = {
      'src/api/main.ts':
        "import { check } from './check';\nenum A { B }\n\nexport const run = async () => check(A.B);\n",
      'src/api/check.ts':
        "// A comment.\nexport function check(value: number): never {\n  throw new Error('no ' + value);\n}\n",
    };
    await served.deploy('throwing', zipOf(files), { handler: 'src/api/main.run' });
    const { invocationId, status } = await served.invoke('throwing');
    const { failure } = (await served.get(`/invocations/${invocationId}`)).json as Failure;
    expect([status, failure.stack]).toEqual([
      502,
      expect.stringMatching(
        /^Error: no 0\n {4}at check \(\/glambdar\/code\/src\/api\/check\.ts:3:9\)\n.*\/glambdar\/code\/src\/api\/main\.ts:4:\d+/,
      ),
    ]);
  });

  it('is only stripped of its types with build: none', async () => {
    const plain = 'const word: string = "plain";\nexport const handler = async () => ({ body: { word } });';
    const { json } = await served.deploy('stripped', zipOf({ 'index.ts': plain }), { build: 'none' });
    expect((json as { build?: unknown }).build ?? null).toBeNull();
    expect((await served.invoke('stripped')).json).toEqual({ word: 'plain' });
    const refused = await served.publish('stripped', zipOf({ 'index.ts': `enum A { B }\n${plain}` }));
    expect([refused.status, refused.code]).toEqual([422, 'CANDIDATE_NOT_LOADABLE']);
  });
});

describe('code that is not right', () => {
  const broken = zipOf({ 'index.ts': 'export const handler = async () => {\n  return 1 2;\n};\n' });

  it('is shown with its line to who deploys and who follows, and nothing is published', async () => {
    const id = randomUUID();
    const body = new FormData();
    body.set('file', new File([new Uint8Array(broken)], 'broken.zip'));
    const answer = await served.send('POST', `/deploy?buildId=${id}`, { body });
    expect([answer.status, answer.code]).toEqual([422, 'BUILD_FAILED']);
    expect(answer.json).toMatchObject({
      buildId: id,
      detail: expect.stringMatching(/index\.ts:2:\d+/) as string,
    });
    expect((await served.get('/info/broken')).status).toBe(404);
    const shown = await served.get(`/builds/${id}`);
    expect(shown.json).toMatchObject({ state: 'failed', failure: { step: 'bundle' } });
    expect(shown.text).toMatch(/2 │ {3}return 1 2;/);
    const events = await eventsFrom(`${served.url}/builds/${id}?follow=true`, {});
    const seen = [];
    do seen.push(await events.next());
    while (seen.at(-1)?.event !== 'end');
    expect(seen.at(-1)?.data).toMatchObject({ id, function: 'broken', state: 'failed', reason: 'ended' });
  });

  it('leaves the version that serves', async () => {
    await served.deploy('serving', zipOf(ofCommonJs));
    expect((await served.publish('serving', broken)).code).toBe('BUILD_FAILED');
    expect(await served.versions('serving')).toBe('[1]');
    expect((await served.invoke('serving')).status).toBe(200);
    const { builds } = (await served.get('/builds?function=serving')).json as { builds: { state: string }[] };
    expect(builds.map(({ state }) => state)).toEqual(['failed', 'succeeded']);
  });
});
