import { jest } from '@jest/globals';
import axios from 'axios';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { fixtureZip, handlerZip, zipOf } from '../support/zip.js';
import { TestDns } from '../support/egress/test-dns.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { patientlyMs, Served } from '../support/served.js';

jest.setTimeout(patientlyMs);

const run = promisify(execFile);

let dns: TestDns;
let variables: Record<string, string>;
let served: Served;
let files: string;
beforeAll(async () => {
  dns = await TestDns.start({ 'outside.test': ['127.0.0.1'] });
  variables = {
    GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
    GLAMBDAR_EGRESS_DNS_SERVERS: dns.server,
  };
  served = await Served.start(variables);
  files = await mkdtemp(join(tmpdir(), 'gl-'));
}, patientlyMs);
afterAll(async () => {
  await rm(files, { recursive: true });
  await served.expectCleanEnd();
  dns.stop();
}, patientlyMs);

const needsToken = `if (!process.env.TOKEN) throw new TypeError('TOKEN is not set');`;
const needsTokenZip = handlerZip('() => "serves"', needsToken);

type Fields = Readonly<Record<string, string>>;

function send(
  method: string,
  path: string,
  zip: Buffer,
  fields: Fields = {},
  fileName = 'any.zip',
): Promise<Answer> {
  const form = new FormData();
  for (const [name, value] of Object.entries(fields)) form.set(name, value);
  form.set('file', new File([new Uint8Array(zip)], fileName));
  return served.send(method, path, { body: form });
}

const post = (name: string, zip: Buffer, fields: Fields = {}) =>
  send('POST', '/deploy', zip, fields, `${name}.zip`);

const put = (name: string, zip: Buffer, fields: Fields = {}) => send('PUT', `/deploy/${name}`, zip, fields);

function patch(name: string, changes: object): Promise<Answer> {
  const headers = { 'content-type': 'application/merge-patch+json' };
  return served.send('PATCH', `/settings/${name}`, { headers, body: JSON.stringify(changes) });
}

/** Something outside that functions need: it greets who connects, and sends everybody away while it is down. */
let outside: Server;
let isOutsideUp = true;
const visitors = new Set<Socket>();
beforeAll(async () => {
  outside = createServer((socket) => {
    visitors.add(socket);
    socket.on('error', () => socket.destroy()).on('close', () => visitors.delete(socket));
    if (isOutsideUp) socket.write('welcome');
    else socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(outside, 'listening');
});
afterAll(() => {
  outside.close();
  for (const socket of visitors) socket.destroy();
});

const stateOf = async (name: string) => {
  const { state, stateReason } = (await served.get(`/info/${name}`)).json as Record<string, unknown>;
  return stateReason === undefined ? state : [state, stateReason];
};

describe('a name that is taken', () => {
  it('is refused with the way that keeps settings, secrets and logs; that way works', async () => {
    await post('taken', handlerZip('() => 1'), { settings: '{"timeoutSeconds":5}' });
    const refused = await post('taken', handlerZip('() => 2'));
    expect([refused.status, refused.json]).toEqual([
      409,
      expect.objectContaining({
        code: 'FUNCTION_EXISTS',
        detail: expect.stringContaining('PUT /deploy/taken') as string,
      }),
    ]);
    expect(refused.text).not.toMatch(/delete/i);
    expect((await put('taken', handlerZip('() => 2'))).status).toBe(200);
    expect((await served.invoke('taken')).json).toBe(2);
    expect((await served.get('/settings/taken')).json).toMatchObject({ timeoutSeconds: 5 });
  });
});

describe('settings sent with a new version', () => {
  it('patch those that the function has; the answer says what has changed', async () => {
    await post('patched', handlerZip('() => process.env'), {
      settings: '{"isolation":"warm","environment":{"A":"1","B":"2"}}',
    });
    const answer = await put('patched', handlerZip('() => process.env.A'), {
      settings: '{"memoryMiB":256,"environment":{"B":null}}',
    });
    expect(answer.json).toMatchObject({
      version: 2,
      changes: [
        { field: 'environment.B', from: '2', to: null },
        { field: 'memoryMiB', from: 128, to: 256 },
      ],
    });
    expect((await served.get('/settings/patched')).json).toMatchObject({
      isolation: 'warm',
      environment: { A: '1' },
      memoryMiB: 256,
    });
    expect((await served.invoke('patched')).json).toBe('1');
    expect((await put('patched', handlerZip('() => 3'))).json).not.toHaveProperty('changes');
  });

  it('are not taken over when the version does not load', async () => {
    const refused = await put('patched', fixtureZip('load-throws'), {
      settings: '{"memoryMiB":512}',
    });
    expect(refused.status).toBe(422);
    expect((await served.get('/settings/patched')).json).toMatchObject({ memoryMiB: 256 });
  });

  it('are lost neither by a version nor by a patch that come at the same moment', async () => {
    await Promise.all([
      patch('patched', { environment: { P: 'patched' } }),
      put('patched', handlerZip('() => 4'), { settings: '{"environment":{"V":"version"}}' }),
      patch('patched', { timeoutSeconds: 7 }),
    ]);
    expect((await served.get('/settings/patched')).json).toMatchObject({
      environment: { A: '1', P: 'patched', V: 'version' },
      timeoutSeconds: 7,
      memoryMiB: 256,
    });
  });
});

describe('code that does not load', () => {
  it('is deployed with a warning and shown as failing, with the reason', async () => {
    const { status, json } = await post('failing', needsTokenZip);
    const reason = 'TypeError: TOKEN is not set';
    expect(status).toBe(201);
    expect(json).toMatchObject({ warnings: [`The code does not load, so calls will fail. ${reason}`] });
    expect(await stateOf('failing')).toEqual(['failing', reason]);
    const { functions } = (await served.get('/info')).json as {
      functions: { name: string; state: string }[];
    };
    expect(functions.find(({ name }) => name === 'failing')).toMatchObject({ state: 'failing' });
  });

  it('is still known as failing after a crash', async () => {
    await served.crash();
    served = await Served.start(variables, served.directory);
    expect(await stateOf('failing')).toEqual(['failing', 'TypeError: TOKEN is not set']);
  });

  it('is tried again with every change of its settings: another reason, then none', async () => {
    const other = await patch('failing', { environment: { TOKENS: '1' }, memoryMiB: 192 });
    expect(other).toMatchObject({ status: 200 });
    expect(other.json).toMatchObject({ warnings: [expect.stringContaining('TOKEN is not set')] });
    expect(await stateOf('failing')).toEqual(['failing', 'TypeError: TOKEN is not set']);
    const fixed = await patch('failing', { environment: { TOKEN: 'here' } });
    expect(fixed.json).not.toHaveProperty('warnings');
    expect(await stateOf('failing')).toBe('active');
  });

  it('is shown so also when a change of the settings is what breaks it, which is said', async () => {
    const broken = await patch('failing', { environment: { TOKEN: null } });
    expect(broken.json).toMatchObject({
      changes: [{ field: 'environment.TOKEN', from: 'here', to: null }],
      warnings: ['The code does not load, so calls will fail. TypeError: TOKEN is not set'],
    });
    expect(await stateOf('failing')).toEqual(['failing', 'TypeError: TOKEN is not set']);
  });

  it('is not so any more with a secret that it missed', async () => {
    const headers = { 'content-type': 'application/json' };
    await served.send('PUT', '/secrets/failing/TOKEN', { headers, body: '{"value":"hush"}' });
    expect(await stateOf('failing')).toBe('active');
    await served.send('DELETE', '/secrets/failing/TOKEN');
    expect(await stateOf('failing')).toEqual(['failing', 'TypeError: TOKEN is not set']);
  });

  it('stays, and stays known, when its next version does not load either; one that loads clears it', async () => {
    expect((await put('failing', fixtureZip('load-throws'))).status).toBe(422);
    expect(await stateOf('failing')).toEqual(['failing', 'TypeError: TOKEN is not set']);
    expect((await put('failing', handlerZip('() => "fixed"'))).status).toBe(200);
    expect(await stateOf('failing')).toBe('active');
    expect((await served.invoke('failing')).json).toBe('fixed');
    expect((await served.rollBack('failing', 1)).status).toBe(422);
    expect(await stateOf('failing')).toBe('active');
  });

  it('is shown so as soon as a container made later does not load, until one does', async () => {
    const { port } = outside.address() as AddressInfo;
    const module = `import { connect } from 'node:net';
      await new Promise((resolve, reject) =>
        connect(${port}, 'outside.test')
          .once('data', resolve)
          .once('error', reject)
          .once('close', () => reject(new Error('closed'))));
      export const handler = () => 'serves';`;
    const settings = JSON.stringify({ egress: [`outside.test:${port}`], maxContainers: 1 });
    await post('dependent', zipOf({ 'index.mjs': module }), { settings });
    expect(await stateOf('dependent')).toBe('active');

    isOutsideUp = false;
    // The call has the container that stood ready; the next one is made after it.
    expect((await served.invoke('dependent')).json).toBe('serves');
    await eventually('the failure', async () => (await stateOf('dependent')) !== 'active');
    expect((await served.invoke('dependent')).status).toBe(502);
    expect(await stateOf('dependent')).toEqual(['failing', expect.stringContaining('Error: ')]);

    isOutsideUp = true;
    expect((await served.invoke('dependent')).json).toBe('serves');
    expect(await stateOf('dependent')).toBe('active');
  });

  it('is a slow top level, too', async () => {
    const strict = await Served.start({ GLAMBDAR_LOAD_TIMEOUT_MS: '1000' });
    const { json } = await strict.deploy('slow-top', fixtureZip('never-loads'));
    expect(json).toMatchObject({ warnings: [expect.stringContaining('1000 ms') as string] });
    expect((await strict.get('/info/slow-top')).json).toMatchObject({
      state: 'failing',
      stateReason: expect.stringContaining('1000 ms') as string,
    });
    await strict.expectCleanEnd();
  });
});

describe('a strict deployment', () => {
  it.each(['POST', 'PUT'])(
    'by %s of code that does not load is refused, and nothing stays',
    async (method) => {
      const path = method === 'PUT' ? '/deploy/strict-one' : '/deploy';
      for (const [url, fields] of [
        [path, { strict: 'true' }],
        [`${path}?strict=true`, {}],
      ] as const) {
        const refused = await send(method, url, fixtureZip('load-throws'), fields, 'strict-one.zip');
        expect([refused.status, refused.json]).toEqual([
          422,
          expect.objectContaining({
            code: 'CANDIDATE_NOT_LOADABLE',
            errorMessage: 'broken at the top level',
          }),
        ]);
        expect((await served.get('/info/strict-one')).status).toBe(404);
      }
    },
  );

  it('of code that loads is as any other', async () => {
    const answer = await post('strict-two', handlerZip('() => "loads"'), { strict: 'true' });
    expect([answer.status, await stateOf('strict-two')]).toEqual([201, 'active']);
    expect(await served.invoke('strict-two')).toMatchObject({ status: 200, origin: 'fresh-pool' });
  });

  it('is what "true" and "false" say, and nothing else', async () => {
    const refused = await post('strict-three', handlerZip('() => 1'), { strict: 'yes' });
    expect([refused.status, refused.json]).toEqual([
      400,
      expect.objectContaining({ code: 'INVALID_SETTINGS', field: 'strict' }),
    ]);
    expect((await served.get('/info/strict-three')).status).toBe(404);
  });
});

describe('settings are taken as clients send them:', () => {
  const settings = '{"memoryMiB":192}';

  async function expectTaken(name: string): Promise<void> {
    expect((await served.get(`/settings/${name}`)).json).toMatchObject({ memoryMiB: 192 });
  }

  it('curl, in each of its ways', async () => {
    const [zip, json] = [join(files, 'by-curl.zip'), join(files, 'settings.json')];
    await writeFile(zip, handlerZip('() => 1'));
    await writeFile(json, `\ufeff${settings}\r\n`);
    const ways = [
      ['settings=@settings.json'],
      ['settings=@settings.json;type=application/json'],
      ['settings=<settings.json'],
      [`settings=${settings};type=application/json; charset=utf-8`],
    ];
    for (const [index, [way = '']] of ways.entries()) {
      const name = `curl-${index}`;
      const field = ['-F', way];
      const file = ['-F', `file=@${zip};filename=${name}.zip`];
      const form = index % 2 === 0 ? [...field, ...file] : [...file, ...field];
      await run('curl', ['-sS', '--fail-with-body', ...form, `${served.url}/deploy`], { cwd: files });
      await expectTaken(name);
    }
  });

  it('fetch, as a Blob with a type', async () => {
    const form = new FormData();
    form.set('file', new File([new Uint8Array(handlerZip('() => 1'))], 'by-fetch.zip'));
    form.set('settings', new Blob([settings], { type: 'application/json' }));
    form.set('strict', new Blob(['true'], { type: 'application/json' }));
    expect((await served.send('POST', '/deploy', { body: form })).status).toBe(201);
    await expectTaken('by-fetch');
  });

  it('axios, from a form of Blobs', async () => {
    const form = new FormData();
    form.set('settings', new Blob([settings], { type: 'application/json' }));
    form.set('file', new File([new Uint8Array(handlerZip('() => 1'))], 'by-axios.zip'));
    expect((await axios.post<unknown>(`${served.url}/deploy`, form)).status).toBe(201);
    await expectTaken('by-axios');
  });
});
