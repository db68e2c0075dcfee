import { jest } from '@jest/globals';
import type { Scope } from '../../src/common/auth/caller.js';
import { zipOf, handlerZip } from '../support/zip.js';
import { Answer } from '../support/client.js';
import { firstKeyOf } from '../support/first-key.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

/** What no caller may be shown who may only call. */
const printed = 'PRINTED-FOR-THE-OPERATOR';
const source = 'SOURCE_OF_THE_FUNCTION';

let served: Served;
let admin: string;
let caller: string;

beforeAll(async () => {
  served = await Served.start({ GLAMBDAR_MANAGEMENT_PER_SECOND: '0' });
  admin = await firstKeyOf(served);
  caller = await keyFor(['functions:invoke']);
}, patientlyMs);
afterAll(() => served.expectCleanEnd(), patientlyMs);

async function ask(key: string, method: string, path: string, init: RequestInit = {}): Promise<Answer> {
  const headers = new Headers(init.headers);
  headers.set('X-Glambdar-Key', key);
  return served.send(method, path, { ...init, headers });
}

async function keyFor(scopes: readonly Scope[], functions: readonly string[] | null = null): Promise<string> {
  const body = JSON.stringify({ name: 'test', scopes, functions });
  const headers = { 'content-type': 'application/json' };
  return ((await ask(admin, 'POST', '/keys', { headers, body })).json as { key: string }).key;
}

function upload(
  key: string,
  [method, path]: readonly [string, string],
  name: string,
  zip: Buffer,
  settings = {},
) {
  const body = new FormData();
  body.set('file', new File([new Uint8Array(zip)], `${name}.zip`));
  body.set('settings', JSON.stringify(settings));
  return ask(key, method, path, { body });
}

async function deploy(name: string, zip: Buffer, settings = {}): Promise<void> {
  const { status } = await upload(admin, ['POST', '/deploy'], name, zip, settings);
  expect(status).toBe(201);
}

/** Everything of an answer that somebody could read. */
const wholeOf = (answer: Answer) => JSON.stringify([...answer.headers]) + answer.text;

/** A handler that prints before it does what ends the call. */
const printing = (ending: string) => handlerZip(`async () => { console.log('${printed}'); ${ending} }`);

const failures: readonly (readonly [string, Buffer, string, object])[] = [
  ['throwing', printing(`throw new TypeError('no'); /* ${source} */`), 'FUNCTION_ERROR', {}],
  ['requiring', printing(`require('./none-such'); /* ${source} */`), 'FUNCTION_ERROR', {}],
  ['exiting', printing(`process.stdout.write('${printed}'); process.exit(3)`), 'FUNCTION_EXITED', {}],
  [
    'late',
    printing('await new Promise(() => setInterval(() => {}, 1000))'),
    'FUNCTION_TIMEOUT',
    { timeoutSeconds: 1 },
  ],
  ['circular', printing('const a = {}; a.a = a; return a'), 'FUNCTION_INVALID_RESPONSE', {}],
  [
    'wasteful',
    printing('const all = []; for (;;) all.push(Buffer.alloc(1e6, 1))'),
    'FUNCTION_OUT_OF_MEMORY',
    { memoryMiB: 64, tmpMiB: 1 },
  ],
  [
    'unparsable',
    zipOf({ 'index.js': `console.log('${printed}');\nconst ${source} = ;` }),
    'FUNCTION_LOAD_ERROR',
    {},
  ],
  [
    'unloadable',
    zipOf({ 'index.js': `console.log('${printed}');\nrequire('./none-such'); // ${source}` }),
    'FUNCTION_LOAD_ERROR',
    {},
  ],
  [
    'untyped',
    zipOf({
      'index.ts': `console.log('${printed}');\nenum ${source} { A }\nexport const handler = () => 1;`,
    }),
    'FUNCTION_LOAD_ERROR',
    // A build would make JavaScript of it.
    { build: 'none' },
  ],
];

describe('a caller who may only call', () => {
  it.each(failures)(
    'is told type and message of %s, and nothing that it printed or is made of',
    async (name, zip, code, settings) => {
      for (const responseFormat of ['simple', 'lambda']) {
        const own = `${name}-${responseFormat}`;
        await deploy(own, zip, { ...settings, responseFormat });
        for (const path of [`/invoke/${own}`, `/INVOKE/${own}`]) {
          const answer = await ask(caller, 'POST', path);
          expect(answer.json).toMatchObject({ code });
          expect(answer.json).not.toHaveProperty('output');
          expect(wholeOf(answer)).not.toContain(printed);
          expect(wholeOf(answer)).not.toContain(source);
          expect(wholeOf(answer)).not.toMatch(/\n\s+at |Require stack|index\.[jt]s:\d/);
        }
      }
    },
  );

  it('gets the type and the message all the same', async () => {
    await deploy('throws', printing(`throw new TypeError('no such order')`));
    const answer = await ask(caller, 'POST', '/invoke/throws');
    expect(answer.json).toMatchObject({ errorType: 'TypeError', errorMessage: 'no such order' });
  });

  it('sees of a streamed answer that breaks off what was sent, and a broken connection', async () => {
    const body = `async function* () { yield 'one'; console.log('${printed}'); throw new Error('${source}') }`;
    await deploy('breaking', handlerZip(`() => ({ body: (${body})() })`));
    const headers = { 'X-Glambdar-Key': caller };
    const response = await fetch(`${served.url}/invoke/breaking`, { method: 'POST', headers });
    let text = '';
    const reading = (async () => {
      for await (const piece of response.body!) text += Buffer.from(piece).toString();
    })();
    await expect(reading).rejects.toThrow();
    // How much of it arrives before the end is the network's.
    expect('one'.startsWith(text)).toBe(true);
  });
});

describe('who may read logs', () => {
  it.each(['exiting', 'unloadable'])('is shown what %s printed', async (name) => {
    const reader = await keyFor(['functions:invoke', 'logs:read']);
    for (const key of [admin, reader]) {
      const { output } = (await ask(key, 'POST', `/invoke/${name}-simple`)).json as { output?: string };
      expect(output).toContain(printed);
    }
  });
});

describe('whoever deploys', () => {
  it('is shown what a version printed that does not load, and may read no log', async () => {
    const deployer = await keyFor(['functions:deploy', 'functions:invoke']);
    await deploy('replaced', handlerZip('() => 1'));
    const zip = zipOf({ 'index.js': `console.log('${printed}'); require('./none-such')` });
    const answer = await upload(deployer, ['PUT', '/deploy/replaced'], 'replaced', zip);
    expect(answer.json).toMatchObject({
      code: 'CANDIDATE_NOT_LOADABLE',
      output: expect.stringContaining(printed) as string,
    });
    expect((await ask(deployer, 'GET', '/logs/replaced')).status).toBe(403);
    const call = await ask(deployer, 'POST', '/invoke/exiting-simple');
    expect(call.json).not.toHaveProperty('output');
  });
});

describe("a caller's key", () => {
  beforeAll(() => deploy('echo', handlerZip('async (req) => ({ body: req.headers })')));
  const echo = async (headers: Record<string, string>, path = '/invoke/echo') =>
    (await served.send('POST', path, { headers })).json as Record<string, string>;

  it.each(['/invoke/echo', '/INVOKE/echo'])(
    'in X-Glambdar-Key leaves Authorization to the function, and is not seen by it: %s',
    async (path) => {
      const seen = await echo({ 'X-Glambdar-Key': caller, Authorization: 'Bearer of the function' }, path);
      expect(seen['authorization']).toBe('Bearer of the function');
      expect(JSON.stringify(seen)).not.toContain(caller.slice(-43));
    },
  );

  it('in Authorization is not seen by the function', async () => {
    const seen = await echo({ Authorization: `Bearer ${caller}` });
    expect(seen).not.toHaveProperty('authorization');
    expect(JSON.stringify(seen)).not.toContain(caller.slice(-43));
  });

  it('stands in no line of the log, in whichever header it was shown', async () => {
    await echo({ 'X-Glambdar-Key': `${caller}x` });
    await echo({ 'X-Glambdar-Key': caller, Authorization: `Bearer ${caller}` });
    expect(JSON.stringify(served.log)).not.toContain(caller.slice(-43));
  });
});

describe('a key that is limited to certain functions', () => {
  let shop: string;
  const shopScopes: Scope[] = [
    'functions:deploy',
    'functions:invoke',
    'functions:read',
    'logs:read',
    'functions:delete',
  ];
  beforeAll(async () => {
    shop = await keyFor(shopScopes, ['shop-*']);
    await deploy('mail', handlerZip(`() => { console.log('${printed}'); return 1 }`));
  });

  it('deploys, calls, reads and deletes them, and no other', async () => {
    const zip = handlerZip('() => "cart"');
    expect((await upload(shop, ['POST', '/deploy'], 'shop-cart', zip)).status).toBe(201);
    expect((await ask(shop, 'POST', '/invoke/shop-cart')).json).toBe('cart');
    expect((await ask(shop, 'GET', '/info')).json).toMatchObject({
      count: 1,
      functions: [{ name: 'shop-cart' }],
    });
    for (const [method, path] of [
      ['POST', '/invoke/mail'],
      ['GET', '/info/mail'],
      ['GET', '/logs/mail'],
      ['DELETE', '/del/mail'],
    ] as const) {
      expect((await ask(shop, method, path)).status).toBe(403);
    }
    expect((await upload(shop, ['POST', '/deploy'], 'other', zip)).status).toBe(403);
    expect((await upload(shop, ['PUT', '/deploy/mail'], 'shop-cart', zip)).status).toBe(403);
    expect((await ask(admin, 'GET', '/info/other')).status).toBe(404);
    expect((await ask(shop, 'DELETE', '/del/shop-cart')).status).toBe(204);
  });

  it('is shown their calls, by the list and by id, and no others', async () => {
    await upload(shop, ['POST', '/deploy'], 'shop-till', handlerZip('() => 1'));
    const own = (await ask(shop, 'POST', '/invoke/shop-till')).invocationId;
    const foreign = (await ask(admin, 'POST', '/invoke/mail')).invocationId;
    const { invocations } = (await ask(shop, 'GET', '/invocations')).json as {
      invocations: { id: string }[];
    };
    expect(invocations.map(({ id }) => id)).toEqual([own]);
    expect((await ask(shop, 'GET', `/invocations/${own}`)).status).toBe(200);
    expect((await ask(admin, 'GET', `/invocations/${foreign}`)).status).toBe(200);
    const refused = await ask(shop, 'GET', `/invocations/${foreign}`);
    const unknown = await ask(shop, 'GET', '/invocations/00000000-0000-4000-8000-000000000000');
    expect([refused.status, refused.text]).toEqual([404, unknown.text]);
    expect((await ask(shop, 'GET', '/invocations?function=mail')).status).toBe(403);
  });
});

describe('without a key', () => {
  it('load balancers learn whether the server is ready, and browsers read about it', async () => {
    const ready = await served.get('/health/ready');
    expect([ready.status, ready.json]).toEqual([200, { status: 'ok' }]);
    expect((await ask(admin, 'GET', '/health/ready')).json).toHaveProperty('details');
    for (const path of ['/', '/docs', '/openapi.json']) expect((await served.get(path)).status).toBe(200);
  });
});
