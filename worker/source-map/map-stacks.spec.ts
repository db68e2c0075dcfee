import { transformSync } from 'esbuild';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { WorkerEndpoint } from '../../src/ipc/worker-dialect.js';
import type { WorkerSession } from '../../src/ipc/worker-session.js';
import { invokeMessage, loadMessage } from '../../test/support/messages.js';
import { TemporaryIpc } from '../../test/support/temporary-ipc.js';
import { WorkerProcess } from '../../test/support/worker-process.js';

/** Line 6 throws; made smaller it is all on line 1. */
const source = `interface Order {
  readonly id: number;
}

function charge(order: Order): never {
  throw new RangeError('no money for ' + order.id);
}

export const handler = async () => charge({ id: 7 });
`;

const printing = source.replace(
  'charge({ id: 7 })',
  '{ try { charge({ id: 7 }); } catch (error) { console.log((error as Error).stack); } }',
);

interface Compiled {
  readonly code: string;
  readonly map: Record<string, unknown>;
}

function compiled(text: string, format: 'cjs' | 'esm'): Compiled {
  const options = {
    loader: 'ts',
    sourcemap: 'external',
    sourcefile: 'src/app.ts',
    minify: true,
    format,
  } as const;
  const { code, map } = transformSync(text, options);
  return { code, map: JSON.parse(map) as Record<string, unknown> };
}

const commentOf = (url: string) => `//# sourceMappingURL=${url}\n`;
const dataUrl = (map: unknown) =>
  `data:application/json;base64,${Buffer.from(JSON.stringify(map)).toString('base64')}`;

describe('stacks of code that has source maps', () => {
  const ipc = new TemporaryIpc();
  let directory: string;
  let endpoint: WorkerEndpoint;
  let worker: WorkerProcess;
  let session: WorkerSession;
  let printed: string;

  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'gl-map-')));
    printed = '';
  });
  afterEach(async () => {
    await endpoint.close();
    await worker.exited;
    rmSync(directory, { recursive: true });
  });
  afterAll(() => {
    ipc.remove();
  });

  async function start(files: Record<string, string>): Promise<void> {
    for (const [name, content] of Object.entries(files)) {
      mkdirSync(dirname(join(directory, name)), { recursive: true });
      writeFileSync(join(directory, name), content);
    }
    endpoint = await ipc.service.open();
    worker = new WorkerProcess(endpoint, directory);
    session = await endpoint.session;
    session.onLog((_, bytes) => {
      printed += bytes.toString('utf8');
    });
  }

  /** The frames of the function's own code, in the stack of what its call throws. */
  async function framesOf(files: Record<string, string>, handler = 'index.handler'): Promise<string[]> {
    await start(files);
    await session.load({ ...loadMessage, handler });
    const thrown = await session
      .invoke(invokeMessage, Buffer.alloc(0))
      .catch((error: unknown) => error as Error);
    const { stack } = (thrown as Error).cause as { stack: string };
    expect(printed).toContain(stack);
    return stack.split('\n').filter((line) => line.includes(directory));
  }

  const commonJs = compiled(source, 'cjs');
  const esModule = compiled(source, 'esm');

  it.each([
    ['inline, CommonJS', { 'index.js': commonJs.code + commentOf(dataUrl(commonJs.map)) }],
    [
      'inline as text',
      {
        'index.js':
          commonJs.code +
          commentOf(`data:application/json,${encodeURIComponent(JSON.stringify(commonJs.map))}`),
      },
    ],
    [
      'in a file beside it, CommonJS',
      { 'index.js': commonJs.code + commentOf('index.js.map'), 'index.js.map': JSON.stringify(commonJs.map) },
    ],
    ['inline, an ES module', { 'index.mjs': esModule.code + commentOf(dataUrl(esModule.map)) }],
    [
      'in a file beside it, an ES module',
      { 'index.mjs': esModule.code + commentOf('a%20map.json'), 'a map.json': JSON.stringify(esModule.map) },
    ],
    [
      'of a part that the entry file imports',
      {
        'index.js': "exports.handler = (event) => require('./dist/app.js').handler(event);",
        'dist/app.js': commonJs.code + commentOf(dataUrl({ ...commonJs.map, sources: ['../src/app.ts'] })),
      },
    ],
  ])('name places in the sources: the map is %s', async (_, files) => {
    const frames = await framesOf(files);
    expect(frames[0]).toContain(`${directory}/src/app.ts:6:9`);
    expect(frames[1]).toContain(`${directory}/src/app.ts:9:36`);
  });

  it('name them while the code is loaded, too', async () => {
    const { code, map } = compiled("const limit: number = 1;\nthrow new Error('limit ' + limit);\n", 'cjs');
    await start({ 'index.js': code + commentOf(dataUrl(map)) });
    await expect(session.load(loadMessage)).rejects.toMatchObject({
      cause: { stack: expect.stringContaining(`${directory}/src/app.ts:2:7`) as string },
    });
    expect(printed).toContain(`${directory}/src/app.ts:2:7`);
  });

  it('name them where the function prints its stack itself', async () => {
    const { code, map } = compiled(printing, 'cjs');
    await start({ 'index.js': code + commentOf(dataUrl(map)) });
    await session.load(loadMessage);
    await session.invoke(invokeMessage, Buffer.alloc(0));
    expect(printed).toContain(`${directory}/src/app.ts:6:9`);
  });

  it.each([
    ['/home/ann/shop/src/app.ts', '/home/ann/shop/src/app.ts'],
    ['../../../../src/app.ts', '/src/app.ts'],
    ['webpack://shop/./src/app.ts', '/src/app.ts'],
    ['file:///home/ann/app.ts', '/home/ann/app.ts'],
    ['C:\\shop\\src\\app.ts', '/shop/src/app.ts'],
    ['app.ts\n    at forged (/x:1:1)', '/app.ts    at forged (/x:1:1)'],
  ])('name no place outside the function, whatever the map says: %j', async (written, shown) => {
    const map = { ...commonJs.map, sources: [written] };
    const [frame] = await framesOf({ 'index.js': commonJs.code + commentOf(dataUrl(map)) });
    expect(frame).toContain(directory + shown);
    expect(frame).toMatch(/:6:9\)$/);
  });

  it.each([
    ['is there none', ''],
    ['is the map missing', commentOf('missing.map')],
    ['is the map no JSON', commentOf('data:application/json;base64,AAAA')],
    ['is the map no map', commentOf(dataUrl([1, 2]))],
    ['are the mappings no text', commentOf(dataUrl({ ...commonJs.map, mappings: {} }))],
    ['are there no such sources', commentOf(dataUrl({ ...commonJs.map, sources: [] }))],
    ['points outside the function', commentOf('../../../../../../etc/passwd')],
    ['points somewhere else', commentOf('https://example.com/index.js.map')],
    ['is the URL not well-formed', commentOf('%ff')],
    ['is the map a directory', commentOf('.')],
    [
      'is the map larger than what is read',
      `\n${commentOf(`data:application/json;base64,${'A'.repeat(17 << 20)}`)}`,
    ],
  ])('name the places of the code itself: %s', async (_, comment) => {
    const [frame] = await framesOf({ 'index.js': commonJs.code + comment });
    expect(frame).toMatch(new RegExp(`${directory}/index\\.js:1:\\d+`));
  });

  it('name the files of packages as they are', async () => {
    const frames = await framesOf({
      'index.js': "exports.handler = (event) => require('shop').handler(event);",
      'node_modules/shop/index.js': commonJs.code + commentOf(dataUrl(commonJs.map)),
    });
    expect(frames[0]).toContain(`${directory}/node_modules/shop/index.js:1:`);
  });

  it('are the function’s own affair where it prepares them itself', async () => {
    const own = 'Error.prepareStackTrace = (error, sites) => `own ${sites[0].getFileName()}`;\n';
    await start({ 'index.js': own + commonJs.code + commentOf(dataUrl(commonJs.map)) });
    await session.load(loadMessage);
    await expect(session.invoke(invokeMessage, Buffer.alloc(0))).rejects.toMatchObject({
      cause: { stack: `own ${directory}/index.js` },
    });
  });
});
