import childProcess from 'node:child_process';
import { Worker } from 'node:worker_threads';

/** Longest wait for the proxy's thread to listen. */
const startTimeoutMs = 5000;

interface SpawnOptions {
  envPairs?: string[];
}

type Spawn = (this: unknown, options: SpawnOptions) => unknown;
type SpawnSync = (...args: unknown[]) => unknown;

/**
 * Child processes have connections of their own, which nothing here sees: they get an HTTP proxy, in the variables that
 * most programs use. It starts with the first child, in a thread, because a synchronous child (`execSync`) blocks the
 * thread that started it. Variables that the function sets itself are kept.
 */
export function proxyChildren(gatePath: string): void {
  let known: Readonly<Record<string, string>> | undefined;
  const variables = () => (known ??= proxyVariables(startProxy(gatePath)));
  patchSpawn(variables);
  patchSpawnSync(variables);
}

function patchSpawn(variables: () => Readonly<Record<string, string>>): void {
  const prototype = childProcess.ChildProcess.prototype as unknown as { spawn: Spawn };
  const { spawn } = prototype;
  prototype.spawn = function spawnWithProxy(this: unknown, options: SpawnOptions) {
    const pairs = options.envPairs ?? [];
    const set = new Set(pairs.map((pair) => pair.slice(0, pair.indexOf('='))));
    const added = Object.entries(variables()).filter(([name]) => !set.has(name));
    options.envPairs = [...pairs, ...added.map(([name, value]) => `${name}=${value}`)];
    return spawn.call(this, options);
  };
}

function patchSpawnSync(variables: () => Readonly<Record<string, string>>): void {
  const functions = childProcess as unknown as Record<string, SpawnSync>;
  for (const name of ['spawnSync', 'execFileSync', 'execSync']) {
    const spawn = functions[name];
    if (!spawn) continue;
    functions[name] = (...args: unknown[]) => {
      const last = args.at(-1);
      const isOptions = typeof last === 'object' && last !== null && !Array.isArray(last);
      const options = (isOptions ? last : {}) as { env?: NodeJS.ProcessEnv };
      const env = { ...variables(), ...(options.env ?? process.env) };
      const before = isOptions || last === undefined ? args.slice(0, -1) : args;
      return spawn(...before, { ...options, env });
    };
  }
}

/** None if no proxy could be started: the child then has to do without. */
function proxyVariables(port: number | undefined): Readonly<Record<string, string>> {
  if (port === undefined) return {};
  const proxy = `http://127.0.0.1:${port}`;
  const none = 'localhost,127.0.0.1,::1';
  return {
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
    ...{ NO_PROXY: none, no_proxy: none },
    // Node's own `fetch` and `http` ask for it by name.
    NODE_USE_ENV_PROXY: '1',
  };
}

/** Returns the port that the proxy listens on; it blocks, because a child may be started synchronously. */
function startProxy(gatePath: string): number | undefined {
  const port = new Int32Array(new SharedArrayBuffer(4));
  const thread = new Worker(new URL('./proxy-thread.js', import.meta.url), {
    workerData: { gatePath, port },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2 },
  });
  thread.on('error', () => undefined).unref();
  return Atomics.wait(port, 0, 0, startTimeoutMs) === 'timed-out' ? undefined : Atomics.load(port, 0);
}
