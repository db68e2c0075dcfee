/** A real server with functions that are called for as long as its fast clock has an hour to make up. */
import AdmZip from 'adm-zip';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { runCaptured } from '../setup/child-process.mjs';
import { inProject, projectNode } from '../setup/project.mjs';
import { SAMPLES } from './samples.mjs';

const LASTS_MS = 180_000;
const TICK_MS = 250;

/** @typedef {{ url: string, key: string, traffic: Promise<void>, stop: () => Promise<void> }} SampleServer */

/** @returns {Promise<SampleServer>} */
export async function startSampleServer() {
  const directory = await mkdtemp(path.join(tmpdir(), 'gl-'));
  const environment = { ...process.env, GLAMBDAR_DIR: directory, GLAMBDAR_MANAGEMENT_PER_SECOND: '0' };
  const key = await newKey(environment, 'me', 'admin');
  await newKey(environment, 'ci', 'functions:deploy,functions:read', '--expires', '2030-01-31');
  await newKey(environment, 'shop', 'functions:invoke', '--functions', 'orders,payment-*');

  const beganMs = Date.now();
  const server = spawn(projectNode(), [inProject('scripts/start.mjs')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      ...environment,
      GLAMBDAR_PORT: '0',
      NODE_OPTIONS: `--import ${inProject('scripts/screenshots/fast-clock.mjs')}`,
      FAST_CLOCK_BEGAN_MS: String(beganMs),
      FAST_CLOCK_LASTS_MS: String(LASTS_MS),
    },
  });
  const url = await printedUrl(server);
  for (const sample of SAMPLES) await deploy(url, key, sample);
  return {
    url,
    key,
    traffic: callUntil(url, key, beganMs + LASTS_MS),
    stop: async () => {
      const ended = once(server, 'close');
      server.kill('SIGTERM');
      await ended;
      await rm(directory, { recursive: true, force: true });
    },
  };
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {string} name
 * @param {string} scopes
 * @param {string[]} more
 */
async function newKey(environment, name, scopes, ...more) {
  const words = ['create', '--name', name, '--scopes', scopes, ...more];
  const { output } = await runCaptured(projectNode(), [inProject('scripts/keys.mjs'), ...words], environment);
  const key = /glb_\S+/.exec(output)?.[0];
  if (key === undefined) throw new Error(`No key was made: ${output}`);
  return key;
}

/** @param {import('node:child_process').ChildProcessByStdio<null, import('node:stream').Readable, null>} server */
async function printedUrl(server) {
  let printed = '';
  for await (const chunk of server.stdout) {
    printed += String(chunk);
    const url = /"url":"(http:[^"]+)"/.exec(printed)?.[1];
    if (url !== undefined) {
      // Nobody reads the rest, and it must not wait for that.
      server.stdout.resume();
      return url;
    }
  }
  throw new Error(`The server ended before it listened: ${printed}`);
}

/**
 * @param {string} url
 * @param {string} key
 * @param {import('./samples.mjs').Sample} sample
 */
async function deploy(url, key, { name, code, settings }) {
  const zip = new AdmZip();
  zip.addFile('index.js', Buffer.from(code));
  const form = new FormData();
  form.set('file', new File([new Uint8Array(zip.toBuffer())], `${name}.zip`));
  form.set('settings', JSON.stringify(settings));
  const answer = await fetch(`${url}/deploy`, {
    method: 'POST',
    body: form,
    headers: { authorization: `Bearer ${key}` },
  });
  if (answer.status !== 201) throw new Error(`${name} was not deployed: ${await answer.text()}`);
}

/**
 * Calls come and go in waves, as they do.
 * @param {string} url
 * @param {string} key
 * @param {number} untilMs
 */
async function callUntil(url, key, untilMs) {
  for (let tick = 0; Date.now() < untilMs; tick += 1) {
    for (const { name, paths, perSecond } of SAMPLES) {
      const rate = perSecond * (0.7 + 0.5 * Math.sin(tick / 70 + name.length)) * (TICK_MS / 1000);
      const calls = Math.floor(rate) + (Math.random() < rate % 1 ? 1 : 0);
      for (let call = 0; call < calls; call += 1) void callOnce(url, key, name, paths);
    }
    await pause(TICK_MS);
  }
}

/**
 * @param {string} url
 * @param {string} key
 * @param {string} name
 * @param {readonly string[]} paths
 */
async function callOnce(url, key, name, paths) {
  // The last path is called rarely: it is the one that goes wrong.
  const at =
    Math.random() < 0.03 ? paths.length - 1 : Math.floor(Math.random() * Math.max(1, paths.length - 1));
  const answer = await fetch(`${url}/invoke/${name}${paths[at] ?? '/'}`, {
    headers: { 'x-glambdar-key': key },
  });
  await answer.arrayBuffer();
}
