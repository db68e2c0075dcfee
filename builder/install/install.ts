import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { BuildLimits, InstallOrder } from '../../src/builds/protocol/messages.js';
import type { BuildLog } from '../build-log.js';
import { startRelay } from '../egress/relay.js';
import { StepFailure } from '../step-failure.js';
import { npmArguments, npmEnvironment, type NpmPlace } from './npm-command.js';
import { npmFailure } from './npm-failure.js';
import { projectSettings } from './npm-settings.js';

/** Lock files of other tools, which npm does not follow. */
const foreignLockFiles = ['yarn.lock', 'pnpm-lock.yaml', 'bun.lock', 'bun.lockb'];
/** How much of npm's last words is looked at for what went wrong, in UTF-16 units. */
const lastWordsLength = 16 * 1024;

export interface InstallPlace {
  /** The upload, which can only be read. */
  readonly source: string;
  readonly project: string;
  /** Of npm's own files. */
  readonly home: string;
  /** The socket that leads to the host's egress proxy. */
  readonly egressPath: string;
}

/** Has npm install the packages into the project. Rejects with a `StepFailure`; resolves to how many there are. */
export async function install(
  order: InstallOrder,
  limits: BuildLimits,
  place: InstallPlace,
  log: BuildLog,
): Promise<number> {
  await mkdir(place.home, { recursive: true });
  await takeOverSettings(place, log);
  await sayWhatIsNotRead(order, place, log);
  const npmPlace = { home: place.home, proxy: await startRelay(place.egressPath) };
  const lastWords = await runNpm(order, limits, { ...npmPlace, project: place.project }, log);
  if (lastWords !== undefined) throw lastWords;
  return packageCount(place.project);
}

async function takeOverSettings({ source, project }: InstallPlace, log: BuildLog): Promise<void> {
  const uploaded = join(source, '.npmrc');
  if (!existsSync(uploaded)) return;
  const { text, ignored } = projectSettings(readFileSync(uploaded, 'utf8'));
  await writeFile(join(project, '.npmrc'), text);
  if (ignored.length > 0) await log.say(`Ignored in .npmrc: ${ignored.join(', ')}.`);
}

async function sayWhatIsNotRead(
  { command }: InstallOrder,
  { source }: InstallPlace,
  log: BuildLog,
): Promise<void> {
  const foreign = foreignLockFiles.find((name) => existsSync(join(source, name)));
  if (command === 'ci' || foreign === undefined) return;
  await log.say(
    `${foreign} is not read: npm chooses the newest versions that package.json allows. Add a package-lock.json to fix them.`,
  );
}

/** Resolves to the failure; undefined where all is installed. */
async function runNpm(
  order: InstallOrder,
  limits: BuildLimits,
  { project, ...place }: NpmPlace & { readonly project: string },
  log: BuildLog,
): Promise<StepFailure | undefined> {
  await log.say(`> npm ${order.command} --omit=dev${order.scripts ? '' : ' --ignore-scripts'}`);
  const npm = spawn(process.execPath, [npmProgram(), ...npmArguments(order, limits, place)], {
    cwd: project,
    env: npmEnvironment(
      place,
      process.env['PATH'] ?? dirname(process.execPath),
      process.env['NODE_EXTRA_CA_CERTS'],
    ),
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let lastWords = '';
  npm.stderr.on('data', (bytes: Buffer) => {
    lastWords = (lastWords + bytes.toString('utf8')).slice(-lastWordsLength);
  });
  const [[code, signal]] = await Promise.all([
    once(npm, 'close') as Promise<[number | null, NodeJS.Signals | null]>,
    pipeline(npm.stdout, log.output('stdout')),
    pipeline(npm.stderr, log.output('stderr')),
  ]);
  if (code === 0) return undefined;
  return new StepFailure('install', npmFailure(order, lastWords, { code, signal }), code);
}

function npmProgram(): string {
  const require = createRequire(import.meta.url);
  return join(dirname(require.resolve('npm/package.json')), 'bin/npm-cli.js');
}

/** npm writes down what it has installed. */
function packageCount(project: string): number {
  try {
    const list = JSON.parse(readFileSync(join(project, 'node_modules/.package-lock.json'), 'utf8')) as {
      readonly packages?: object;
    };
    return Object.keys(list.packages ?? {}).length;
  } catch {
    return 0;
  }
}
