import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkerEndpoint } from '../../src/ipc/worker-dialect.js';
import { maxErrorMessageLength } from '../../src/ipc/protocol/limits.js';
import { loadMessage } from '../../test/support/messages.js';
import { TemporaryIpc } from '../../test/support/temporary-ipc.js';
import { WorkerProcess } from '../../test/support/worker-process.js';

type Files = Readonly<Record<string, string | Buffer>>;

/** What the real worker, in a process of its own, says of code that it cannot load. */
describe('the error of code that does not load', () => {
  const ipc = new TemporaryIpc();
  let code: string;
  let endpoint: WorkerEndpoint;

  beforeEach(async () => {
    code = await mkdtemp(join(tmpdir(), 'glambdar-code-'));
  });

  afterEach(() => rm(code, { recursive: true }));

  afterAll(() => {
    ipc.remove();
  });

  async function errorOf(files: Files, handler = 'index.handler') {
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(code, path)), { recursive: true });
      await writeFile(join(code, path), content);
    }
    endpoint = await ipc.service.open();
    const worker = new WorkerProcess(endpoint, code);
    const session = await endpoint.session;
    let printed = '';
    session.onLog((_, bytes) => {
      printed += bytes.toString('utf8');
    });
    const error: unknown = await session.load({ ...loadMessage, handler }).catch((thrown: unknown) => thrown);
    await endpoint.close();
    await worker.exited;
    const { errorMessage, errorType } = (error as { details: { errorMessage: string; errorType: string } })
      .details;
    return { errorMessage, errorType, printed };
  }

  const messageOf = async (files: Files, handler?: string) => (await errorOf(files, handler)).errorMessage;

  describe('without the handler’s file names what is there, and what to change', () => {
    const missing = 'There is no index.js at the root of the archive.';

    it.each<[string, Files, string | undefined, string]>([
      [
        'files in one folder among others',
        { 'shop/index.js': '', 'README.md': '', 'node_modules/a/index.js': '' },
        undefined,
        `${missing} Put index.js there, or set \`handler\` to "shop/index.handler". ` +
          'The archive contains: README.md, node_modules/, shop/index.js.',
      ],
      [
        'another case',
        { 'Index.js': '' },
        undefined,
        `${missing} Upper and lower case count: rename Index.js to index.js. The archive contains: Index.js.`,
      ],
      [
        'sources to compile',
        { 'index.tsx': '' },
        undefined,
        `${missing} Bundle it: npx esbuild index.tsx --bundle --platform=node --target=node24 ` +
          '--outfile=dist/index.js, then deploy the folder dist. The archive contains: index.tsx.',
      ],
      [
        'another file in package.json',
        { 'package.json': '{"main":"./lib/app.js"}', 'lib/app.js': '', 'lib/b.js': '' },
        undefined,
        `${missing} Put index.js there, or set \`handler\` to "lib/app.handler". ` +
          'The archive contains: package.json, lib/app.js, lib/b.js.',
      ],
      [
        'one other file',
        { 'app.mjs': '', 'data.json': '' },
        undefined,
        `${missing} Put index.mjs there, or set \`handler\` to "app.handler". The archive contains: app.mjs, data.json.`,
      ],
      [
        'nothing that fits',
        { 'main.py': '' },
        undefined,
        `${missing} Add it, or name the handler's file in the setting \`handler\`. The archive contains: main.py.`,
      ],
      [
        'a name that the setting cannot have',
        { 'my shop/index.js': '', x: '' },
        undefined,
        `${missing} Add it, or name the handler's file in the setting \`handler\`. ` +
          'The archive contains: x, "my shop/index.js".',
      ],
      [
        'a handler with its ending',
        { 'index.js': '' },
        'index.js.handler',
        'There is no index.js.js at the root of the archive. Put index.js.js there, or set `handler` to "index.handler". ' +
          'The archive contains: index.js.',
      ],
      [
        'a handler of a folder that was taken as the root',
        { 'main.js': '', 'other.js': '' },
        'dist/main.run',
        'There is no dist/main.js at the root of the archive. Put dist/main.js there, or set `handler` to "main.run". ' +
          'The archive contains: main.js, other.js.',
      ],
      [
        'an empty folder',
        {},
        undefined,
        `${missing} Add it, or name the handler's file in the setting \`handler\`. The archive contains no files.`,
      ],
    ])('%s', async (_, files, handler, message) => {
      const error = await errorOf(files, handler);
      expect(error).toMatchObject({ errorType: 'MissingHandler', errorMessage: message });
      expect(error.printed).toBe(`MissingHandler: ${message}\n`);
    });

    it('however much is there and however it is called', async () => {
      const names = Array.from({ length: 600 }, (_, index) => `\u202e\u001b[2J${'é'.repeat(80)}${index}`);
      const message = await messageOf(Object.fromEntries(names.map((name) => [name, ''])));
      expect(message).toMatch(/ and 592 more\.$/);
      expect(message).toMatch(/^[^\p{C}]+$/u);
      expect(message.length).toBeLessThanOrEqual(maxErrorMessageLength);
    });
  });

  describe('without the export names what is exported, and what to change', () => {
    const missing = 'index.js does not export a function named handler';
    const contains = 'The archive contains: index.js.';

    it.each<[string, string, string]>([
      [
        'module.exports = fn',
        'module.exports = async () => 1;',
        `${missing}. Write \`exports.handler = …\` in place of \`module.exports = …\`. It exports one function by itself.`,
      ],
      [
        'export default fn',
        'export default async () => 1;',
        `${missing}. Write \`export const handler = …\` in place of the default export, or set \`handler\` to ` +
          '"index.default". It exports: default (function).',
      ],
      [
        'a compiled default',
        'Object.defineProperty(exports, "__esModule", { value: true }); exports.default = () => 1;',
        `${missing}. Write \`exports.handler = …\` in place of the default export, or set \`handler\` to ` +
          '"index.default". It exports: default (function).',
      ],
      [
        'a misspelt export',
        'exports.handlr = () => 1; exports.other = () => 2; exports.version = "1";',
        `${missing}. Rename handlr to handler, or set \`handler\` to "index.handlr". ` +
          'It exports: handlr (function), other (function), version (string).',
      ],
      [
        'letters that changed places',
        'exports.hanlder = () => 1; exports.other = () => 2;',
        `${missing}. Rename hanlder to handler, or set \`handler\` to "index.hanlder". ` +
          'It exports: hanlder (function), other (function).',
      ],
      [
        'another case',
        'export const Handler = () => 1; export const a = 1;',
        `${missing}. Rename Handler to handler, or set \`handler\` to "index.Handler". ` +
          'It exports: Handler (function), a (number).',
      ],
      [
        'one other function',
        'exports.main = () => 1; exports.n = null;',
        `${missing}. Rename main to handler, or set \`handler\` to "index.main". It exports: main (function), n (null).`,
      ],
      [
        'an object as the default',
        'export default { fetch() {} };',
        `${missing}. Rename fetch to handler, or set \`handler\` to "index.fetch". ` +
          'It exports: default (object), fetch (function).',
      ],
      [
        'no exports',
        'const handler = () => 1;',
        `${missing}. Write \`exports.handler = …\`, with a function. It exports nothing.`,
      ],
      [
        'no file content',
        '',
        `${missing}. Write \`exports.handler = …\`, with a function. It exports nothing.`,
      ],
      [
        'what is no function',
        'exports.handler = (async () => () => 1)();',
        `${missing}: what it exports by that name is promise. Write \`exports.handler = …\`, with a function. ` +
          'It exports: handler (promise).',
      ],
    ])('%s', async (_, source, message) => {
      expect(await errorOf({ 'index.js': source })).toMatchObject({
        errorType: 'MissingHandler',
        errorMessage: `${message} ${contains}`,
      });
    });

    it('whatever it exports and however that is called', async () => {
      const message = await messageOf({
        'index.js':
          'for (let i = 0; i < 5000; i++) exports["\\u202e\\u001b\\n" + "é".repeat(5000) + i] = () => 1;' +
          'Object.defineProperty(exports, "trap", { enumerable: true, get() { throw 1; } });',
      });
      expect(message).toContain(' and 4995 more. The archive contains: index.js.');
      expect(message).toMatch(/^[^\p{C}]+$/u);
      expect(message.length).toBeLessThanOrEqual(maxErrorMessageLength);
    });

    it('when looking at the exports runs code that throws', async () => {
      const proxy = 'module.exports = new Proxy({}, { ownKeys() { throw new Error("no"); } });';
      expect(await messageOf({ 'index.js': proxy })).toContain('It exports nothing.');
    });
  });

  describe('that Node.js gives says what to change', () => {
    const bundle =
      'Bundle it: npx esbuild index.ts --bundle --platform=node --target=node24 --outfile=dist/index.js';
    const types = 'Types are only left out of TypeScript; the rest of it has to be JavaScript. ';

    it.each<[string, Files, string]>([
      [
        'a package that is not there',
        { 'index.js': 'require("left-pad/lib")' },
        "Cannot find module 'left-pad/lib'. The package left-pad is not in the archive: run npm install left-pad in the " +
          "function's folder, so that its package.json names it, and deploy again.",
      ],
      [
        'a package with a scope that an ES module asks for',
        { 'index.mjs': 'import "@aws-sdk/client-s3"; export const handler = 1;' },
        "Cannot find package '@aws-sdk/client-s3' imported from index.mjs. The package @aws-sdk/client-s3 is not in",
      ],
      [
        'a development dependency',
        { 'index.js': 'require("a")', 'package.json': '{"devDependencies":{"a":"1"}}' },
        "Cannot find module 'a'. The package a is a development dependency: move it to the dependencies of package.json",
      ],
      [
        'a file in another case',
        { 'index.js': 'require("./lib/start")', 'lib/start.js': 'require("../Src/a.js")', 'src/a.js': '' },
        "Cannot find module '../Src/a.js'. Upper and lower case count: the archive has src/a.js.",
      ],
      [
        'a file without its ending in an ES module',
        { 'index.mjs': 'import "./lib/a"', 'lib/a.js': '' },
        "Cannot find module 'lib/a' imported from index.mjs. ES modules name files with their ending: lib/a.js.",
      ],
      [
        'a file that is not there',
        { 'index.js': 'require("./config.json")' },
        "Cannot find module './config.json'. The archive contains: index.js.",
      ],
      [
        'a file that is TypeScript',
        { 'index.ts': 'import "./a.js"', 'a.ts': '' },
        `Cannot find module 'a.js' imported from index.ts. The archive has a.ts. ${bundle}`,
      ],
      [
        'a path of tsconfig.json',
        { 'index.ts': 'import "@/a"' },
        `Cannot find package '@/a' imported from index.ts. Paths of tsconfig.json are for compilers. ${bundle}`,
      ],
      [
        'exports in an ES module by package.json',
        { 'index.js': 'exports.handler = 1', 'package.json': '{"type":"module"}' },
        'exports is not defined in ES module scope. Write `export const handler = …` in place of `exports`, ' +
          'or take "type": "module" out of package.json.',
      ],
      [
        'module.exports in an ES module by its ending',
        { 'index.mjs': 'module.exports = {}' },
        'module is not defined in ES module scope. Write `export const handler = …` in place of `module`, ' +
          'or let the file end in .cjs.',
      ],
      [
        'require beside export',
        { 'index.js': 'require("fs"); export const handler = 1' },
        'require is not defined in ES module scope, you can use import instead. Write `import … from ' +
          "'…'` in place of `require`, or take `import` and `export` out of the file: it may have one kind only.",
      ],
      [
        '__dirname in an ES module',
        { 'index.mjs': 'console.log(__dirname)' },
        '__dirname is not defined in ES module scope. Write `import.meta.dirname` in place of `__dirname`.',
      ],
      [
        'import in CommonJS',
        { 'index.cjs': 'import fs from "fs"' },
        'Cannot use import statement outside a module. Let the file end in .mjs, or write "type": "module" into package.json.',
      ],
      [
        'export in CommonJS',
        { 'index.js': 'export const a = 1', 'package.json': '{"type":"commonjs"}' },
        "Unexpected token 'export'. Let the file end in .mjs",
      ],
      [
        'an enum',
        { 'index.ts': 'enum A { B }' },
        `TypeScript enum is not supported in strip-only mode. ${types}${bundle}`,
      ],
      ['a decorator', { 'index.ts': '@d class A {}' }, `Invalid or unexpected token. ${types}${bundle}`],
      [
        'a type imported as a value',
        { 'index.ts': 'import { T } from "./t.ts"', 't.ts': 'export type T = 1' },
        "The requested module './t.ts' does not provide an export named 'T'. If that is a type, import it by `import type`.",
      ],
      [
        'TypeScript with JSX',
        { 'index.ts': 'import "./view.tsx"; export const handler = 1', 'view.tsx': '' },
        `Unknown file extension ".tsx" for view.tsx. ${bundle}`,
      ],
      [
        'JSX',
        { 'index.js': 'const a = <b/>' },
        "Unexpected token '<'. If that is JSX, it has to be compiled. Bundle it: npx esbuild index.js --bundle " +
          '--platform=node --target=node24 --loader:.js=jsx --outfile=dist/index.js, then deploy the folder dist.',
      ],
      [
        'a package of another platform',
        { 'index.js': 'require("./a.node")', 'a.node': 'MZ' },
        `a.node: file too short. Native packages have to be those for linux ${process.arch} with glibc: run npm install ` +
          `--os=linux --cpu=${process.arch} --libc=glibc in the function's folder and pack again.`,
      ],
      [
        'UTF-16',
        { 'index.js': Buffer.from('\ufeffexports.handler = 1', 'utf16le') },
        'Invalid or unexpected token. The file is UTF-16: save it as UTF-8.',
      ],
    ])('%s', async (_, files, message) => {
      const error = await errorOf(files);
      expect(error.errorMessage.slice(0, message.length)).toBe(message);
      expect(error.errorMessage).not.toContain(code);
      expect(error.printed).toContain(error.errorMessage.slice(-20));
    });

    it.each([
      ['throws what looks like one', 'throw new Error("Cannot find module \'" + "a".repeat(5000) + "\'")'],
      ['has changed the built-ins', 'require("fs").readdirSync = () => { throw 1 }; require("a")'],
      ['throws a proxy', 'throw new Proxy({}, { get() { throw 1 } })'],
    ])('and stays an error in bounds when the code %s', async (_, source) => {
      const { errorMessage } = await errorOf({ 'index.js': source });
      expect(errorMessage.length).toBeLessThanOrEqual(maxErrorMessageLength);
    });

    it('unless it is the code’s own', async () => {
      expect(await messageOf({ 'index.js': 'throw new Error("two\\nlines")' })).toBe('two\nlines');
    });
  });
});
