import { jest } from '@jest/globals';
import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { HeldRegistry } from '../support/builds/held-registry.js';
import { TestRegistry } from '../support/builds/test-registry.js';
import type { Answer } from '../support/client.js';
import { eventually } from '../support/eventually.js';
import { refusalToWrite } from '../support/gvisor.js';
import { patientlyMs, Served } from '../support/served.js';
import { zipOf } from '../support/zip.js';

jest.setTimeout(patientlyMs);

/** What a malicious package tries from its install script; what it finds out stands in a file beside it. */
const malice = `
const { connect } = require('node:net');
const { writeFileSync } = require('node:fs');
const attempt = (what) => { try { return what(); } catch (error) { return error.code; } };
const outside = new URL(process.argv[2]);
const direct = new Promise((resolve) => {
  const socket = connect(outside.port, outside.hostname, () => { socket.destroy(); resolve('connected'); });
  socket.on('error', ({ code }) => resolve(code));
});
const proxied = fetch(outside).then(({ ok }) => (ok ? 'answered' : 'refused'), () => 'refused');
Promise.all([direct, proxied]).then(([direct, proxied]) => {
  writeFileSync(__dirname + '/found.json', JSON.stringify({
    variables: Object.keys(process.env).filter((name) => /GLAMBDAR|SECRET/.test(name)),
    upload: attempt(() => writeFileSync('/glambdar/code/index.js', 'exports.handler = () => "stolen"')),
    image: attempt(() => writeFileSync('/runtime/builder/main.js', '')),
    direct,
    proxied,
  }));
  process.exit(0);
});
`;

interface Outcome {
  readonly code?: string;
  readonly detail?: string;
  readonly log?: readonly string[];
  readonly build?: { readonly id: string; readonly cached: boolean };
}

const outcomeOf = (answer: Answer) => answer.json as Outcome;
const manifest = (dependencies: object, others: object = {}) => JSON.stringify({ dependencies, ...others });

let canary: Server;
let held: HeldRegistry;
let registry: TestRegistry;
let served: Served;
let canaryCalls = 0;

beforeAll(async () => {
  canary = createServer((_request, response) => {
    canaryCalls += 1;
    response.end();
  }).listen(0, '127.0.0.1');
  await once(canary, 'listening');
  const canaryUrl = `http://127.0.0.1:${(canary.address() as AddressInfo).port}/`;
  held = await HeldRegistry.open();
  registry = await TestRegistry.open({
    small: {},
    evil: { scripts: { postinstall: `node evil.js ${canaryUrl}` }, files: { 'evil.js': malice } },
    large: { files: Object.fromEntries(Array.from({ length: 1600 }, (_, each) => [`${each}.txt`, 'x'])) },
  });
  served = await Served.start({
    GLAMBDAR_BUILD_REGISTRIES: ['https://registry.npmjs.org', registry.url, held.url].join(','),
    GLAMBDAR_BUILD_FETCH_TIMEOUT_SECONDS: '300',
    GLAMBDAR_ARCHIVE_MAX_ENTRIES: '1500',
    GLAMBDAR_PREWARMED_CONTAINERS: '0',
  });
}, patientlyMs);

afterAll(async () => {
  held.close();
  registry.close();
  canary.close();
  await served.expectCleanEnd();
}, patientlyMs);

/** The URL of a package of the registry of this test, which a manifest may name in place of a version. */
const at = (name: string) => `${registry.url}${name}/-/${name}-1.0.0.tgz`;
const resultOf = async (name: string) => (await served.invoke(name)).json;

describe('packages of the real registry', () => {
  it('are installed when express is all that a person names', async () => {
    const code = `const express = require('express'); exports.handler = () => typeof express;`;
    const answer = await served.deploy(
      'web',
      zipOf({ 'index.js': code, 'package.json': manifest({ express: '^5.0.0' }) }),
    );
    expect(outcomeOf(answer).build).toMatchObject({ cached: false });
    expect(await resultOf('web')).toBe('function');
  });

  it('have the binaries of the container’s platform: sharp', async () => {
    const code = `const sharp = require('sharp');
      const create = { width: 8, height: 8, channels: 3, background: 'red' };
      exports.handler = async () => (await sharp(await sharp({ create }).webp().toBuffer()).metadata()).format;`;
    const zip = zipOf({ 'index.js': code, 'package.json': manifest({ sharp: '^0.35.0' }) });
    await served.deploy('images', zip, { memoryMiB: 256 });
    expect(await resultOf('images')).toBe('webp');
  });
});

describe('a lock file', () => {
  const dependencies = { small: '^1.0.0' };
  const withLock = (lock: string, wanted: object = dependencies) =>
    zipOf({
      'index.js': `exports.handler = () => require('small');`,
      'package.json': manifest(wanted, { name: 'app' }),
      'package-lock.json': lock,
    });

  it('is obeyed, and what it led to is used again', async () => {
    const zip = withLock(registry.lockFile(dependencies, ['small']));
    const first = await served.deploy('locked', zip);
    expect(outcomeOf(first).build).toMatchObject({ cached: false });
    const asked = registry.asked.length;
    const second = await served.publish('locked', zip);
    expect([second.status, outcomeOf(second).build?.cached]).toEqual([200, true]);
    expect(registry.asked).toHaveLength(asked);
    expect(await resultOf('locked')).toBe('small');
  });

  it('that does not fit package.json is refused in npm’s own words, and the old version goes on', async () => {
    const before = await served.versions('locked');
    const mismatch = withLock(registry.lockFile(dependencies, ['small']), {
      ...dependencies,
      large: at('large'),
    });
    const answer = await served.publish('locked', mismatch);
    expect([answer.status, answer.code]).toEqual([422, 'BUILD_FAILED']);
    expect(outcomeOf(answer).detail).toContain('the step install of the build failed');
    expect(outcomeOf(answer).log?.join('\n')).toContain('package.json and package-lock.json');
    expect(await served.versions('locked')).toBe(before);
    expect(await resultOf('locked')).toBe('small');
  });
});

describe('a package with a malicious install script', () => {
  const code = `const { existsSync, readFileSync } = require('node:fs');
    const found = __dirname + '/node_modules/evil/found.json';
    exports.handler = () => (existsSync(found) ? JSON.parse(readFileSync(found)) : { ran: false });`;
  const zip = () => zipOf({ 'index.js': code, 'package.json': manifest({ evil: at('evil') }) });

  it('does not run it', async () => {
    await served.deploy('careful', zip());
    expect(await resultOf('careful')).toEqual({ ran: false });
  });

  it('runs it only where the function asks for that, inside the walls, and reaches nothing', async () => {
    await served.deploy('trusting', zip(), { installScripts: true, environment: { SECRET: 'hush' } });
    expect(await resultOf('trusting')).toEqual({
      variables: [],
      upload: refusalToWrite,
      image: refusalToWrite,
      direct: 'ECONNREFUSED',
      proxied: 'refused',
    });
    expect(canaryCalls).toBe(0);
  });
});

describe('a build that fails', () => {
  it('changes nothing where its packages have more files than a function may have', async () => {
    const zip = zipOf({ 'index.js': '', 'package.json': manifest({ large: at('large') }) });
    const answer = await served.upload('heavy.zip', zip);
    expect([answer.status, answer.code]).toEqual([422, 'BUILD_FAILED']);
    expect(outcomeOf(answer).detail).toContain('step validate');
    expect((await served.get('/info/heavy')).status).toBe(404);
  });

  it('says by name what it cannot get, before anything runs', async () => {
    const zip = zipOf({ 'index.js': '', 'package.json': manifest({ left: 'github:left/left' }) });
    const answer = await served.upload('git.zip', zip);
    expect([answer.status, outcomeOf(answer).detail]).toEqual([422, expect.stringContaining('"left"')]);
  });
});

describe('a registry that does not answer', () => {
  const waiting = () => zipOf({ 'index.js': '', 'package.json': manifest({ slow: `${held.url}slow.tgz` }) });
  const noBuildRuns = () =>
    eventually('nothing staged and no container of a build', async () => {
      const { staging } = await served.leftovers();
      return staging.length === 0 && (await served.buildContainers()) === 0;
    });

  it('keeps no build for a client that has left', async () => {
    const client = new AbortController();
    const asked = held.asked();
    const body = new FormData();
    body.set('file', new File([new Uint8Array(waiting())], 'left.zip'));
    const answer = served.send('POST', '/deploy', { body, signal: client.signal });
    answer.catch(() => undefined);
    await asked;
    client.abort();
    await expect(answer).rejects.toThrow();
    await noBuildRuns();
    expect((await served.get('/info/left')).status).toBe(404);
  });

  it('keeps no build of a function that is deleted', async () => {
    await served.deploy('shop', `exports.handler = () => 'old';`);
    const asked = held.asked();
    const publishing = served.publish('shop', waiting());
    await asked;
    expect(await served.buildContainers()).toBe(1);
    expect((await served.delete('shop')).status).toBe(204);
    const answer = await publishing;
    expect([answer.status, answer.code]).toEqual([404, 'FUNCTION_NOT_FOUND']);
    await noBuildRuns();
    expect((await served.get('/info/shop')).status).toBe(404);
  });

  it('keeps no server from stopping: whoever waits is told', async () => {
    const asked = held.asked();
    const publishing = served.upload('last.zip', waiting());
    await asked;
    const stopped = served.stop();
    const answer = await publishing;
    expect([answer.status, answer.code]).toEqual([503, 'DRAINING']);
    expect(await stopped).toBe(0);
  });
});
