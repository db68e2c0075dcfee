import { join } from 'node:path';
import type { BuildLimits, InstallOrder } from '../../src/builds/protocol/messages.js';

/** Times that npm asks a registry again, and how long it waits in between. */
const fetchRetries = 2;
const shortestRetryMs = 1000;
const longestRetryMs = 5000;

/** Where npm runs, and what it may reach. */
export interface NpmPlace {
  /** Of npm's own files, outside of the project. */
  readonly home: string;
  /** URL of the HTTP proxy through which it reaches registries. */
  readonly proxy: string;
}

/**
 * npm's arguments. They win over every file and variable that npm reads, so what must hold stands here: which registry,
 * by which way, and whether anything of a package runs.
 */
export function npmArguments(
  { command, scripts, registry }: InstallOrder,
  { fetchTimeoutMs }: BuildLimits,
  { home, proxy }: NpmPlace,
): readonly string[] {
  return [
    command,
    '--omit=dev',
    ...(scripts
      ? ['--ignore-scripts=false', '--foreground-scripts=true']
      : // Links to programs are only for scripts.
        ['--ignore-scripts=true', '--bin-links=false']),
    '--install-links=true',
    ...['--audit=false', '--fund=false', '--update-notifier=false', '--progress=false', '--color=false'],
    `--registry=${registry}`,
    ...[`--proxy=${proxy}`, `--https-proxy=${proxy}`, '--noproxy='],
    `--cache=${join(home, 'cache')}`,
    '--logs-max=0',
    // Files that do not exist: nobody but these arguments chooses.
    ...[`--userconfig=${join(home, 'user')}`, `--globalconfig=${join(home, 'global')}`],
    `--fetch-timeout=${fetchTimeoutMs}`,
    `--fetch-retries=${fetchRetries}`,
    ...[`--fetch-retry-mintimeout=${shortestRetryMs}`, `--fetch-retry-maxtimeout=${longestRetryMs}`],
  ];
}

/** npm's environment and that of install scripts: of the builder's own only where programs and certificates are. */
export function npmEnvironment(
  { home, proxy }: NpmPlace,
  path: string,
  certificates: string | undefined,
): NodeJS.ProcessEnv {
  return {
    PATH: path,
    HOME: home,
    TMPDIR: home,
    CI: 'true',
    ...(certificates !== undefined && { NODE_EXTRA_CA_CERTS: certificates }),
    // For install scripts that download; they too reach only what the host lets them.
    ...{ HTTP_PROXY: proxy, HTTPS_PROXY: proxy, http_proxy: proxy, https_proxy: proxy },
    ...{ NO_PROXY: '', no_proxy: '', NODE_USE_ENV_PROXY: '1' },
  };
}
