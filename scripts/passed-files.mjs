/**
 * `node scripts/passed-files.mjs`: how many of the server's files a warm call and a deploy pass through, and which. A file
 * counts when something of it runs each time, in whichever thread; of a thread that is started for the work, and of the
 * worker in its container, every file counts that they load.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import AdmZip from 'adm-zip';
import { outliveSignals } from './setup/child-process.mjs';
import { readCommandLine } from './setup/command-line.mjs';
import {
  childEnvironment,
  DIST_DIRECTORY,
  projectNode,
  SERVER_ARGUMENTS,
  SERVER_ENVIRONMENT,
} from './setup/project.mjs';
import { runScript } from './setup/script.mjs';
import { setUp } from './setup/set-up.mjs';
import { loadedWith } from './source-imports.mjs';

/** What else the server does now and then does not happen in each of so many calls. */
const ROUNDS = 5;
const WARM_UP_CALLS = 20;
const ZIP = new AdmZip();
ZIP.addFile('index.js', Buffer.from('exports.handler = () => "hello";\n'));
/** Whoever is told of calls and changes, and nobody waits for. */
const LISTENING = /^src\/(records|metrics|telemetry)\//;
const BUILT = pathToFileURL(`${DIST_DIRECTORY}${path.sep}`).href;

const { values } = readCommandLine({
  usage: `node scripts/passed-files.mjs [--list]

Prints how many of the server's files a warm call and a deploy pass through; with --list, which.`,
  options: { list: { type: 'boolean' } },
});

/** @param {string} what @param {ReadonlySet<string>} files */
function print(what, files) {
  const told = [...files].filter((file) => LISTENING.test(file));
  console.log(
    `${what}: ${files.size} files of the server; ${files.size - told.length} do the work, ${told.length} are told of it`,
  );
  if (values['list'] === true) console.log(`  ${[...files].sort().join('\n  ')}`);
}

/**
 * @param {string} url
 * @param {string} name
 * @param {object} [settings]
 */
async function deploy(url, name, settings) {
  const form = new FormData();
  form.set('file', new Blob([new Uint8Array(ZIP.toBuffer())]), `${name}.zip`);
  if (settings !== undefined) form.set('settings', JSON.stringify(settings));
  await expectStatus(201, fetch(`${url}/deploy`, { method: 'POST', body: form }));
}

/** @param {number} status @param {Promise<Response>} asked */
async function expectStatus(status, asked) {
  const answer = await asked;
  const text = await answer.text();
  if (answer.status !== status) throw new Error(`${answer.status} in place of ${status}: ${text}`);
}

/**
 * The files of which something runs in every round.
 * @param {Coverage} coverage
 * @param {() => Promise<void>} work
 */
async function passedEachTime(coverage, work) {
  /** @type {Set<string> | undefined} */
  let each;
  await coverage.take();
  for (let round = 0; round < ROUNDS; round += 1) {
    await work();
    const ran = await coverage.take();
    each = each === undefined ? ran : new Set([...each].filter((file) => ran.has(file)));
  }
  return each ?? new Set();
}

/**
 * @param {NodeJS.ProcessEnv} environment
 * @param {(url: string, coverage: Coverage) => Promise<void>} work
 */
async function withServer(environment, work) {
  const directory = await mkdtemp(path.join(os.tmpdir(), 'glambdar-files-'));
  const settings = { ...SERVER_ENVIRONMENT, GLAMBDAR_DIR: directory, GLAMBDAR_PORT: '0', NODE_OPTIONS: '' };
  const server = spawn(projectNode(), ['--inspect=127.0.0.1:0', ...SERVER_ARGUMENTS], {
    env: childEnvironment({ ...environment, ...settings }),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const ended = once(server, 'close');
  let printed = '';
  /** @type {PromiseWithResolvers<void>} */
  const listens = Promise.withResolvers();
  for (const stream of [server.stdout, server.stderr]) {
    stream.setEncoding('utf8').on('data', (/** @type {string} */ text) => {
      printed += text;
      if (/"url":"http/.test(printed) && /Debugger listening on ws:/.test(printed)) listens.resolve();
    });
  }
  try {
    await Promise.race([listens.promise, ended]);
    const url = /"url":"(http:[^"]+)"/.exec(printed)?.[1];
    const inspector = /Debugger listening on (ws:\S+)/.exec(printed)?.[1];
    if (url === undefined || inspector === undefined)
      throw new Error(`The server did not start:\n${printed}`);
    const coverage = await Coverage.of(inspector);
    await work(url, coverage);
    coverage.close();
  } finally {
    server.kill('SIGTERM');
    await ended;
    await rm(directory, { recursive: true, force: true });
  }
}

/**
 * @typedef {{ url: string, functions: { ranges: { count: number }[] }[] }} ScriptCoverage
 * @typedef {(method: string, params?: object) => Promise<{ result?: ScriptCoverage[] }>} Ask
 */

/** What runs in each thread of a process, told by its inspector. */
class Coverage {
  /**
   * @param {WebSocket} socket
   * @param {Map<string, Ask>} threads by the inspector's name for them; `''` is the main one
   * @param {Set<string>} loaded by threads since it was asked last
   */
  constructor(socket, threads, loaded) {
    this.socket = socket;
    this.threads = threads;
    this.loaded = loaded;
  }

  /** @param {string} url */
  static async of(url) {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    /** @type {Map<string, Ask>} */
    const threads = new Map();
    /** @type {Set<string>} */
    const loaded = new Set();
    /** @type {Map<string, (result: object) => void>} */
    const waiting = new Map();
    let asked = 0;

    /** @param {string} session @param {(message: string) => void} send @returns {Ask} */
    const asking =
      (session, send) =>
      (method, params = {}) =>
        new Promise((resolve) => {
          asked += 1;
          waiting.set(`${session}:${asked}`, resolve);
          send(JSON.stringify({ id: asked, method, params }));
        });
    const main = asking('', (message) => socket.send(message));
    /** @param {string} session @param {string} text */
    const hear = (session, text) => {
      const { id, result, method, params } = JSON.parse(text);
      waiting.get(`${session}:${id}`)?.(result);
      if (method === 'NodeWorker.receivedMessageFromWorker') hear(params.sessionId, params.message);
      if (method === 'NodeWorker.attachedToWorker') {
        const { sessionId } = params;
        const ask = asking(
          sessionId,
          (message) => void main('NodeWorker.sendMessageToWorker', { sessionId, message }),
        );
        threads.set(sessionId, ask);
        void begin(ask);
        // What the thread has loaded is told now, and what it loads later when it does.
        void ask('Debugger.enable');
      }
      if (method === 'Debugger.scriptParsed') loaded.add(params.url);
      if (method === 'NodeWorker.detachedFromWorker') {
        threads.delete(params.sessionId);
        for (const [key, answer] of waiting) if (key.startsWith(`${params.sessionId}:`)) answer({});
      }
    };
    socket.addEventListener('message', ({ data }) => hear('', String(data)));
    threads.set('', main);
    await begin(main);
    await main('NodeWorker.enable', { waitForDebuggerOnStart: false });
    return new Coverage(socket, threads, loaded);
  }

  /** The files of which something has run since it was asked last. */
  async take() {
    const urls = new Set(this.loaded);
    this.loaded.clear();
    for (const ask of this.threads.values()) {
      for (const { url, functions } of (await ask('Profiler.takePreciseCoverage')).result ?? []) {
        const ran = functions.some(({ ranges }) => ranges.some(({ count }) => count > 0));
        if (ran) urls.add(url);
      }
    }
    const own = [...urls].filter((url) => url.startsWith(BUILT));
    return new Set(own.map((url) => url.slice(BUILT.length).replace(/\.js$/, '.ts')));
  }

  close() {
    this.socket.close();
  }
}

/** @param {Ask} ask */
async function begin(ask) {
  await ask('Profiler.enable');
  await ask('Profiler.startPreciseCoverage', { callCount: true, detailed: true });
}

await runScript(async () => {
  outliveSignals();
  const { engine, environment } = await setUp();
  try {
    await withServer(environment, async (url, coverage) => {
      const call = () => expectStatus(200, fetch(`${url}/invoke/counted`, { method: 'POST', body: '{}' }));
      await deploy(url, 'counted', { isolation: 'warm', minContainers: 1 });
      for (let round = 0; round < WARM_UP_CALLS; round += 1) await call();
      const worker = loadedWith('worker/main.ts');
      console.log(`the worker in a container: ${worker.size} files`);
      print('a call', await passedEachTime(coverage, call));
      let deployed = 0;
      print('a deploy', await passedEachTime(coverage, () => deploy(url, `counted-${(deployed += 1)}`)));
    });
  } finally {
    await engine.stop();
  }
});
