import { BuilderProcess, type Built, type Files } from '../../test/support/builds/builder-process.js';
import { runBundle } from '../../test/support/builds/run-bundle.js';

const bundle = (files: Files, entry = 'index.ts'): Promise<Built> =>
  BuilderProcess.build(files, { bundle: { entry } });

const legacy = JSON.stringify({ compilerOptions: { experimentalDecorators: true } });
const moduleType = JSON.stringify({ type: 'module' });

interface Feature {
  readonly feature: string;
  readonly files: Files;
  readonly entry?: string;
  readonly output?: string;
  readonly gives: unknown;
}

const features: readonly Feature[] = [
  {
    feature: 'enums, also constant ones of another file',
    files: {
      'index.ts':
        "import { Size } from './size';\nenum Color { Red = 'red' }\nexport const handler = async () => [Color.Red, Size.Large];",
      'size.ts': 'export const enum Size { Small, Large }',
    },
    gives: ['red', 1],
  },
  {
    feature: 'parameter properties and namespaces',
    files: {
      'index.ts': `
        namespace Words { export const greeting = 'hello'; }
        class Greeter { constructor(private readonly name: string) {} greet() { return \`\${Words.greeting} \${this.name}\`; } }
        export const handler = async () => new Greeter('you').greet();`,
    },
    gives: 'hello you',
  },
  {
    feature: 'standard decorators',
    files: {
      'index.ts': `
        const loud = (method: () => string, _: ClassMethodDecoratorContext) => function (this: unknown) { return method.call(this).toUpperCase(); };
        class Greeter { @loud greet() { return 'hello'; } }
        export const handler = async () => new Greeter().greet();`,
    },
    gives: 'HELLO',
  },
  {
    feature: 'legacy decorators, also of parameters',
    files: {
      'tsconfig.json': legacy,
      'index.ts': `
        const seen: unknown[] = [];
        const note = (_: object, name: string | symbol, index?: unknown) => { seen.push([String(name), typeof index]); };
        class Greeter { @note greet(@note _name: string) {} }
        export const handler = async () => seen;`,
    },
    gives: [
      ['greet', 'number'],
      ['greet', 'object'],
    ],
  },
  {
    feature: 'paths of tsconfig.json, before packages',
    files: {
      'tsconfig.json':
        '{ // With a comment.\n "compilerOptions": { "paths": { "@/*": ["./src/*"], "shared": ["./src/shared.ts"] } } }',
      'index.ts':
        "import { a } from '@/deep/a';\nimport { b } from 'shared';\nexport const handler = async () => a + b;",
      'src/deep/a.ts': 'export const a = 1;',
      'src/shared.ts': 'export const b = 2;',
    },
    gives: 3,
  },
  {
    feature: 'the endings that Node.js and TypeScript want',
    files: {
      'index.ts':
        "import { a } from './a.js';\nimport { b } from './b.ts';\nimport { c } from './c.cjs';\nexport const handler = async () => [a, b, c];",
      'a.ts': "export const a = 'a';",
      'b.ts': "export const b = 'b';",
      'c.cts': "export const c = 'c';",
    },
    gives: ['a', 'b', 'c'],
  },
  {
    feature: 'a package, which stays one',
    files: {
      'package.json': JSON.stringify({ dependencies: { 'left-pad': '1' } }),
      'index.ts':
        "import pad, { width } from 'left-pad';\nenum A { B }\nexport const handler = async () => pad('x', width + A.B);",
      'node_modules/left-pad/index.js':
        'module.exports = (text, by) => text.padStart(by);\nmodule.exports.width = 3;',
    },
    gives: '  x',
  },
  {
    feature: 'an ES module, as package.json says',
    files: {
      'package.json': moduleType,
      'index.ts':
        "import { sep } from 'node:path';\nimport { b } from './b.cjs';\nconst a = await Promise.resolve(import.meta.url.startsWith('file:'));\nexport const handler = async () => [a, b, sep];",
      'b.cts': "import os = require('node:os');\nexport const b = typeof os.cpus;",
    },
    output: 'index.mjs',
    gives: [true, 'function', '/'],
  },
  {
    feature: 'code with a require of its own in an ES module',
    files: {
      'index.mts':
        "import { createRequire } from 'node:module';\nconst require = createRequire(import.meta.url);\nenum A { B }\nexport const handler = async () => [require('node:path').sep, A.B];",
    },
    entry: 'index.mts',
    output: 'index.mjs',
    gives: ['/', 0],
  },
  {
    feature: 'CommonJS by its ending',
    files: { 'package.json': moduleType, 'index.cts': 'export const handler = async () => typeof require;' },
    entry: 'index.cts',
    gives: 'function',
  },
  {
    feature: 'CommonJS without a word of ES modules',
    files: { 'index.ts': 'enum A { B }\nexports.handler = async () => A.B;' },
    gives: 0,
  },
  {
    feature: 'what only ES modules have, where nothing says which kind it is',
    files: {
      'index.ts': 'const a: number = await Promise.resolve(1);\nexport const handler = async () => a;',
    },
    output: 'index.mjs',
    gives: 1,
  },
  {
    feature: 'import.meta, where nothing says which kind it is',
    files: { 'index.ts': 'export const handler = async () => typeof import.meta.dirname;' },
    output: 'index.mjs',
    gives: 'string',
  },
  {
    feature: 'an entry file in a folder, with the names of its classes',
    files: {
      'src/app.ts':
        "import { readFileSync } from 'node:fs';\nclass Order {}\nclass Other { static name2 = Order.name; }\nexport const handler = async () => [Other.name2, readFileSync(__dirname + '/text', 'utf8')];",
      'src/text': 'beside it',
    },
    entry: 'src/app.ts',
    output: 'src/app.cjs',
    gives: ['Order', 'beside it'],
  },
  {
    feature: 'data beside code',
    files: {
      'index.ts':
        "import data from './data.json';\nimport text from './hello.txt';\nimport bytes from './one.bin';\nexport const handler = async () => [data.a, text, bytes.length];",
      'data.json': '{"a":1}',
      'hello.txt': 'hello',
      'one.bin': '123',
    },
    gives: [1, 'hello', 3],
  },
];

describe('a bundle has', () => {
  it.each(features)('$feature', async ({ files, entry = 'index.ts', output = 'index.cjs', gives }) => {
    const built = await bundle(files, entry);
    expect([built.end?.type, [...built.files.keys()]]).toEqual(['done', [output, `${output}.map`]]);
    expect(runBundle(files, built, output)).toEqual(gives);
  });

  it('a map to its sources, in a file of its own', async () => {
    const built = await bundle(
      { 'src/index.ts': "import './other';\nexport const handler = 1;", 'src/other.ts': 'console.log(1);' },
      'src/index.ts',
    );
    const map = JSON.parse(built.files.get('src/index.cjs.map') ?? '') as {
      sources: string[];
      sourcesContent: string[];
    };
    expect(map.sources.sort()).toEqual(['index.ts', 'other.ts']);
    expect(map.sourcesContent).toHaveLength(2);
    expect(built.files.get('src/index.cjs')).toMatch(/\n\/\/# sourceMappingURL=index\.cjs\.map\n$/);
  });
});

describe('code that is not right', () => {
  it.each([
    ['a mistake of syntax', { 'index.ts': 'export const a = 1;\nexport const b = 1 2;\n' }, 'index.ts:2:'],
    [
      'a file that is not there',
      { 'index.ts': "import './gone';" },
      'index.ts:1:8: Could not resolve "./gone"',
    ],
    ['a package.json that is none', { 'package.json': '{', 'index.ts': 'enum A {' }, 'index.ts:1:'],
  ])('is shown with its line: %s', async (_, files: Files, place) => {
    const built = await bundle(files);
    expect(built.end).toMatchObject({
      type: 'failed',
      step: 'bundle',
      exitCode: null,
      message: expect.stringContaining(place) as string,
    });
    expect(built.log).toMatch(/\[ERROR\][^]*index\.ts:\d+:\d+:\n[^]*│[^]*~|\^/);
    expect(built.files.size).toBe(0);
  });

  it('does not name where it was built', async () => {
    const built = await bundle({ 'index.ts': "import './gone';\nimport '../outside';" });
    expect(JSON.stringify([built.end, built.log])).not.toMatch(/glambdar-build/);
  });
});

describe('what the author should know', () => {
  it('is that types are not there at run time', async () => {
    const options = { compilerOptions: { experimentalDecorators: true, emitDecoratorMetadata: true } };
    const built = await bundle({
      'tsconfig.json': JSON.stringify(options),
      'index.ts': 'export const handler = 1;',
    });
    expect([built.end?.type, built.log]).toEqual([
      'done',
      expect.stringMatching(/tsconfig\.json sets emitDecoratorMetadata/),
    ]);
  });

  it('is that a tsconfig.json stands on one that is not there', async () => {
    const built = await bundle({
      'tsconfig.json': '{"extends":"@tsconfig/node24"}',
      'index.ts': 'export const handler = 1;',
    });
    expect([built.end?.type, built.log]).toEqual([
      'done',
      expect.stringMatching(/Cannot find base config file "@tsconfig\/node24"/),
    ]);
  });

  it('is that a package is missing', async () => {
    const built = await bundle({
      'package.json': '{"devDependencies":{"dotenv":"1"},"dependencies":{"@a/b":"1"}}',
      'index.ts': "import 'dotenv/config';\nimport '@a/b/c';\nimport 'node:fs';\nexport const handler = 1;",
    });
    expect(built.log).toMatch(/imports dotenv, which is neither/);
    expect(built.log).not.toMatch(/@a\/b|node:fs/);
  });
});
