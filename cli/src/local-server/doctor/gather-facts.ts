import { existsSync } from 'node:fs';
import { readdir, stat, statfs } from 'node:fs/promises';
import { once } from 'node:events';
import { createServer } from 'node:net';
import path from 'node:path';
import type { Host } from '../../host.js';
import { configDirectory } from '../../profile/profile-store.js';
import { findCheckout } from '../checkout.js';
import { dockerFacts } from './docker-facts.js';
import type { MachineFacts } from './machine-facts.js';
import { ociFacts } from './oci-facts.js';

const answerMs = 3_000;

export async function gatherFacts(host: Host): Promise<MachineFacts> {
  const { environment, workingDirectory } = host;
  const checkout = await findCheckout(workingDirectory);
  const directory = serverDirectory(host);
  const address = addressOf(host);
  return {
    nodeVersion: process.version,
    platform: process.platform,
    arch: process.arch,
    isRoot: process.getuid?.() === 0,
    hasApt: existsSync('/usr/bin/apt-get'),
    checkout,
    isInstalled:
      checkout !== undefined && existsSync(path.join(checkout, 'node_modules', '.package-lock.json')),
    engine: await (environment['GLAMBDAR_ENGINE'] === 'oci' ? ociFacts : dockerFacts)(environment),
    freeDiskBytes: await freeBytes(directory),
    address: `${address.host}:${address.port}`,
    port: await portState(address),
    privateFiles: await privateFilesIn(configDirectory(host), directory),
  };
}

/** Where a server that this person starts keeps everything. */
function serverDirectory({ environment, homeDirectory }: Host): string {
  const { GLAMBDAR_DIR = '', XDG_DATA_HOME = '' } = environment;
  if (GLAMBDAR_DIR !== '') return GLAMBDAR_DIR;
  if (process.getuid?.() === 0) return '/var/lib/glambdar';
  return path.join(
    path.isAbsolute(XDG_DATA_HOME) ? XDG_DATA_HOME : path.join(homeDirectory, '.local/share'),
    'glambdar',
  );
}

function addressOf({ environment }: Host): { readonly host: string; readonly port: number } {
  const { GLAMBDAR_HOST = '127.0.0.1', GLAMBDAR_PORT, PORT } = environment;
  return { host: GLAMBDAR_HOST, port: Number(GLAMBDAR_PORT ?? PORT ?? 8000) };
}

/** Of the nearest directory that is there. */
async function freeBytes(directory: string): Promise<number | undefined> {
  for (let at = path.resolve(directory); ; at = path.dirname(at)) {
    const found = await statfs(at).catch(() => undefined);
    if (found !== undefined) return found.bavail * found.bsize;
    if (at === path.dirname(at)) return undefined;
  }
}

async function portState({
  host,
  port,
}: {
  readonly host: string;
  readonly port: number;
}): Promise<MachineFacts['port']> {
  const listener = createServer();
  try {
    listener.listen(port, host);
    await once(listener, 'listening');
    listener.close();
    await once(listener, 'close');
    return 'free';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'EACCES') return 'not-allowed';
    return (await isGlambdar(host, port)) ? 'glambdar' : 'other';
  }
}

async function isGlambdar(host: string, port: number): Promise<boolean> {
  const reachable = host === '0.0.0.0' || host === '::' ? '127.0.0.1' : host;
  const at = reachable.includes(':') ? `[${reachable}]` : reachable;
  try {
    const response = await fetch(`http://${at}:${port}/`, {
      headers: { accept: 'application/json' },
      signal: AbortSignal.timeout(answerMs),
    });
    return ((await response.json()) as { name?: unknown }).name === 'glambdar';
  } catch {
    return false;
  }
}

/** The profiles, which hold keys, and the server's master key. */
async function privateFilesIn(config: string, directory: string): Promise<MachineFacts['privateFiles']> {
  const profiles = path.join(config, 'profiles');
  const names = await readdir(profiles).catch(() => []);
  const paths = [
    profiles,
    ...names.map((name) => path.join(profiles, name)),
    path.join(directory, 'secrets.key'),
  ];
  const found = await Promise.all(
    paths.map(async (file) => {
      const stats = await stat(file).catch(() => undefined);
      return stats === undefined ? [] : [{ path: file, mode: stats.mode & 0o777 }];
    }),
  );
  return found.flat();
}
