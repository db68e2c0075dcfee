import { jest } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { defaultRuntime, runtimeNames } from '../../src/runtimes/runtime.js';
import { certificate, OutsideServers } from '../support/egress/outside-servers.js';
import { TestDns } from '../support/egress/test-dns.js';
import { expectedOfClients, realClientPackages } from '../support/egress/worker-outside.js';
import { packageEntries, packageFiles } from '../support/packages.js';
import { patientlyMs, Served } from '../support/served.js';
import { craftZip, handlerZip, zipOf } from '../support/zip.js';

/** Images that the engine lacks are built here, as they are on a server. */
const withBuildsMs = patientlyMs + 300_000;
jest.setTimeout(withBuildsMs);

const majorOf = (runtime: string) => /\d+/.exec(runtime)?.[0];
const versionZip = handlerZip('() => process.version');

let served: Served;
let servers: OutsideServers;
let dns: TestDns;
beforeAll(async () => {
  servers = await OutsideServers.start();
  dns = await TestDns.start({ 'service.test': ['127.0.0.1'] });
  served = await Served.start({
    GLAMBDAR_EGRESS_DNS_SERVERS: dns.server,
    GLAMBDAR_EGRESS_ALLOWED_RANGES: '127.0.0.0/8',
  });
}, withBuildsMs);
afterAll(async () => {
  await served.expectCleanEnd();
  servers.stop();
  dns.stop();
}, withBuildsMs);

describe.each(runtimeNames)('on %s', (runtime) => {
  /** In the name of the function: names have no dots. */
  const major = majorOf(runtime);
  const deploy = (name: string, zip: Buffer, settings: object = {}) =>
    served.deploy(`${name}-${major}`, zip, { runtime, ...settings });
  const invoke = (name: string, body?: string) => served.invoke(`${name}-${major}`, body);

  it('a function runs on that release line, from a container made for it and from a prewarmed one', async () => {
    await deploy('version', versionZip);
    expect((await served.get(`/settings/version-${major}`)).json).toMatchObject({ runtime });
    const answers = await Promise.all([1, 2, 3].map(() => invoke('version')));
    const expected = expect.stringMatching(`^v${major}\\.`) as string;
    expect(answers.map((answer) => answer.json)).toEqual([expected, expected, expected]);
  });

  it.each([
    ['heap', '() => { const kept = []; for (;;) kept.push(new Array(500_000).fill(kept.length)); }'],
    ['buffers', '() => { const kept = []; for (;;) kept.push(Buffer.alloc(8 << 20, 1)); }'],
  ])('one that uses more memory than it may is told so: %s', async (name, handler) => {
    await deploy(name, handlerZip(handler));
    expect((await invoke(name)).json).toMatchObject({ code: 'FUNCTION_OUT_OF_MEMORY' });
  });

  it('one that never comes back is ended at its deadline', async () => {
    await deploy('loops', handlerZip('() => { for (;;); }'), { timeoutSeconds: 1 });
    expect((await invoke('loops')).json).toMatchObject({ code: 'FUNCTION_TIMEOUT' });
  });

  it.each([
    ['exits', "() => { console.log('last words'); process.exit(3); }", 'FUNCTION_EXITED'],
    ['aborts', "() => { console.log('last words'); process.abort(); }", 'FUNCTION_EXITED'],
  ])('one that ends its process is told what it said last: %s', async (name, handler, code) => {
    await deploy(name, handlerZip(handler));
    expect((await invoke(name)).json).toMatchObject({
      code,
      output: expect.stringContaining('last words') as string,
    });
  });

  it('one that throws is told what it threw', async () => {
    await deploy('throws', handlerZip("() => { throw new TypeError('on purpose'); }"));
    expect((await invoke('throws')).json).toMatchObject({
      code: 'FUNCTION_ERROR',
      errorType: 'TypeError',
      errorMessage: 'on purpose',
    });
  });

  it('packages with native code work', async () => {
    const code = `exports.handler = async () => {
      const { hash, compare } = require('bcrypt');
      const create = { width: 8, height: 8, channels: 3, background: 'red' };
      const image = await require('sharp')({ create }).webp().toBuffer();
      return [await compare('secret', await hash('secret', 4)), image.subarray(8, 12).toString()];
    };`;
    const entries = [{ name: 'index.js', content: code }, ...packageEntries(['bcrypt', 'sharp'])];
    await deploy('native', craftZip(entries), { memoryMiB: 256 });
    expect((await invoke('native')).json).toEqual([true, 'WEBP']);
  });

  it('clients as npm has them reach what the setting allows', async () => {
    const entry = new URL('../fixtures/functions/real-clients/index.js', import.meta.url);
    const zip = zipOf({ 'index.js': readFileSync(entry), ...packageFiles(realClientPackages) });
    const warm = { isolation: 'warm', maxContainers: 1 };
    await deploy('clients', zip, { ...warm, egress: ['service.test:*'] });
    for (const [client, result] of Object.entries(expectedOfClients)) {
      const request = { client, host: 'service.test', ports: servers.ports, ca: certificate };
      const { json } = await invoke('clients', JSON.stringify(request));
      expect([client, json]).toEqual([client, { result }]);
    }
  });
});

describe('the runtime of a function', () => {
  const change = (name: string, settings: object) =>
    served.send('PATCH', `/settings/${name}`, {
      headers: { 'content-type': 'application/merge-patch+json' },
      body: JSON.stringify(settings),
    });

  it('changes with the next call, and back to the default', async () => {
    await served.deploy('changes', versionZip);
    const version = async () => String((await served.invoke('changes')).json);
    const changed = [];
    for (const runtime of ['nodejs22.x', 'nodejs26.x', null]) {
      expect((await change('changes', { runtime })).status).toBe(200);
      changed.push((await version()).slice(0, 4));
    }
    expect(changed).toEqual(['v22.', 'v26.', `v${majorOf(defaultRuntime)}.`]);
  });

  it('is what its code is loaded under before it counts', async () => {
    const since26 = zipOf({
      'index.js': `if (Number(process.versions.node.split('.')[0]) < 26) throw new Error('needs Node.js 26');
        exports.handler = () => 'runs';`,
    });
    const warned = await served.deploy('needs-26', since26, { runtime: 'nodejs22.x' });
    const warnings = [expect.stringContaining('needs Node.js 26') as string];
    expect(warned.json).toMatchObject({ warnings });
    expect((await change('needs-26', { runtime: 'nodejs26.x' })).status).toBe(200);
    expect((await served.invoke('needs-26')).json).toBe('runs');
    const refused = await change('needs-26', { runtime: 'nodejs24.x' });
    expect(refused.json).toMatchObject({ code: 'CANDIDATE_NOT_LOADABLE' });
    expect((await served.invoke('needs-26')).json).toBe('runs');
  });

  it('is one of those there are', async () => {
    const { status, json } = await served.upload('old.zip', versionZip, { runtime: 'nodejs20.x' });
    expect([status, json]).toMatchObject([
      400,
      { code: 'INVALID_SETTINGS', field: 'runtime', detail: expect.stringContaining('nodejs22.x') as string },
    ]);
  });
});
