import { posix } from 'node:path';
import { quoted } from '../../common/safe-text.js';
import { BuildFailure } from '../build-failure.js';
import type { StagedFiles } from '../../code/store/code-store.js';

export type JsonObject = Readonly<Record<string, unknown>>;

/** What a `package.json` says that matters to an installation. */
export interface Manifest {
  readonly needsPackages: boolean;
  /** Required packages by name, each with what is asked for. */
  readonly required: readonly (readonly [name: string, spec: string])[];
  /** All that decides which packages are installed. */
  readonly installed: JsonObject;
}

const maxManifestBytes = 1024 * 1024;

const installedFields = [
  ...['name', 'version', 'dependencies', 'devDependencies', 'optionalDependencies', 'peerDependencies'],
  ...['peerDependenciesMeta', 'bundleDependencies', 'bundledDependencies', 'overrides'],
  ...['engines', 'os', 'cpu', 'libc', 'devEngines'],
];

/** Undefined where there is none, or none that can be read: whoever loads the code says what is wrong with it. */
export async function readManifest(tree: StagedFiles): Promise<Manifest | undefined> {
  const text = await tree.read('package.json', maxManifestBytes).catch(() => undefined);
  const json = objectIn(text);
  if (!json) return undefined;
  const required = entriesOf(json['dependencies']);
  const optional = entriesOf(json['optionalDependencies']);
  const hasWorkspaces = json['workspaces'] !== undefined;
  return {
    needsPackages: required.length > 0 || optional.length > 0 || hasWorkspaces,
    required,
    installed: Object.fromEntries(installedFields.map((field) => [field, json[field] ?? null])),
  };
}

/**
 * Refuses what a build cannot get: it reaches the registries only, and sees nothing but the upload. npm would say so after
 * minutes and in other words. The value of an entry may hold a token, so only its name is told.
 */
export function requireReachable({ required }: Manifest, registries: readonly URL[]): void {
  for (const [name, spec] of required) {
    const what = `package.json asks for ${quoted(name)}`;
    if (isGit(spec)) {
      throw unreachable(
        `${what} from a git repository, which a build cannot reach: publish it to a registry, or put it into your archive and name it as "file:./…".`,
      );
    }
    const url = /^https?:/i.test(spec) ? URL.parse(spec) : undefined;
    if (url !== undefined && !registries.some(({ host }) => host === url?.host)) {
      throw unreachable(
        `${what} from another host than the package registries, which a build cannot reach: publish it to a registry, or put it into your archive and name it as "file:./…".`,
      );
    }
    if (isLocal(spec) && leadsOut(spec)) {
      throw unreachable(
        `${what} from a folder outside your archive: put that folder into it and name it as "file:./…".`,
      );
    }
  }
}

function unreachable(message: string): BuildFailure {
  return new BuildFailure('install', message);
}

export function objectIn(text: Buffer | undefined): JsonObject | undefined {
  if (!text) return undefined;
  try {
    const json: unknown = JSON.parse(text.toString('utf8').replace(/^\ufeff/, ''));
    return typeof json === 'object' && json !== null && !Array.isArray(json)
      ? (json as JsonObject)
      : undefined;
  } catch {
    return undefined;
  }
}

function entriesOf(value: unknown): (readonly [string, string])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [];
  return Object.entries(value).map(([name, spec]) => [name, typeof spec === 'string' ? spec.trim() : '']);
}

/** Also `owner/repository`, which npm takes for one of GitHub. */
function isGit(spec: string): boolean {
  return (
    /^(git[+:@]|ssh:|(github|gitlab|bitbucket|gist):)/i.test(spec) ||
    /^https?:.*\.git(#.*)?$/i.test(spec) ||
    /^[A-Za-z0-9][\w.-]*\/[\w.-]+(#.*)?$/.test(spec)
  );
}

function isLocal(spec: string): boolean {
  return /^(file|link|workspace):/i.test(spec) || /^(\.{1,2}|~)?\//.test(spec);
}

function leadsOut(spec: string): boolean {
  if (/^workspace:/i.test(spec)) return false;
  const path = spec.replace(/^(file|link):(\/\/(?=[./~]))?/i, '');
  return /^[/~]|^[A-Za-z]:/.test(path) || /^\.\.(\/|$)/.test(posix.normalize(path));
}
