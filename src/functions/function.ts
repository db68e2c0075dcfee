import { DomainError } from '../common/errors/domain-error.js';
import type { FunctionName } from './function-name.js';
import type { RuntimeName } from '../runtimes/runtime.js';
import type { SealedSecret } from './sealed-secret.js';

/** `fresh`: a never-used container for every call. `warm`: a container may serve several calls of its function. */
export type Isolation = 'fresh' | 'warm';

/** What walls a call's container has: `container` shares the machine's kernel, `gvisor` has one of its own. */
export type SandboxKind = 'container' | 'gvisor';

/** How what a handler returns becomes a response; docs/functions.md tells both. */
export type ResponseFormat = 'simple' | 'lambda';

/** `auto`: packages and bundle are made when the upload lacks them. `none`: the upload is all there is. */
export type BuildChoice = 'auto' | 'none';

/** Who may call: who shows a key, or everybody. */
export type Access = 'key' | 'public';

/** How often an event is tried whose handler fails, and how old it may become. */
export interface RetryRule {
  readonly maxAttempts: number;
  readonly maxAgeSeconds: number;
}

/** Most calls a second, of one client's address and of all together; 0 for any number. */
export interface RateLimit {
  readonly perAddress: number;
  readonly total: number;
}

/** Which web pages of other origins may call, and what they may send and read (https://fetch.spec.whatwg.org/#http-cors-protocol). */
export interface CorsRule {
  readonly origins: readonly string[];
  readonly methods: readonly string[];
  readonly headers: readonly string[];
  readonly exposedHeaders: readonly string[];
  readonly credentials: boolean;
  readonly maxAgeSeconds: number;
}

/** When the function is called by itself, and with what. One of `cron` and `every` is set. */
export interface Schedule {
  readonly cron?: string;
  /** Such as `10m`. */
  readonly every?: string;
  /** Of `cron`; UTC if not set. */
  readonly timeZone?: string;
  /** Any JSON: the body of each call. */
  readonly payload?: unknown;
  /** True if not set. */
  readonly enabled?: boolean;
  /** What becomes of times that passed while no server ran; `skip` if not set. */
  readonly missed?: 'skip' | 'run-once';
}

/** What can be set of a function; `settings/function-settings.dto.ts` gives the limits, docs/functions.md tells them. */
export interface SettingFields {
  readonly description: string;
  /** What runs the code. */
  readonly runtime: RuntimeName;
  /** `file.export`, e.g. `index.handler`. */
  readonly handler: string;
  /** Variables that the function sees in `process.env`: configuration, not secrets. */
  readonly environment: Readonly<Record<string, string>>;
  readonly responseFormat: ResponseFormat;
  /** Longest time that a handler may take for one call. */
  readonly timeoutSeconds: number;
  /** Of each container, its `/tmp` included. */
  readonly memoryMiB: number;
  /** Of each container, in thousandths of a core. */
  readonly cpuMillis: number;
  readonly tmpMiB: number;
  readonly isolation: Isolation;
  readonly sandbox: SandboxKind;
  /** Ready containers kept even when idle. */
  readonly minContainers: number;
  /** Most ready (`fresh`) or running (`warm`) containers. */
  readonly maxContainers: number;
  /** Most calls that run at the same time; 0 refuses every call. */
  readonly maxConcurrency: number;
  /** Without a call for this long, nothing above `minContainers` is kept. */
  readonly idleTimeoutSeconds: number;
  /** Where the function may connect to; nowhere when empty. */
  readonly egress: readonly string[];
  /** Whether a deployment makes what the upload lacks. */
  readonly build: BuildChoice;
  /** Whether the install scripts of packages run then. */
  readonly installScripts: boolean;
  readonly access: Access;
  readonly rateLimit: RateLimit;
  /** Null where no page of another origin may call. */
  readonly cors: CorsRule | null;
  /** Host names under which the function is at the root, in lower case; no other function has one of them. */
  readonly hosts: readonly string[];
  readonly retry: RetryRule;
  /** Name of the function that gets an event once one of this function has succeeded; null for none. */
  readonly onSuccess: string | null;
  /** The same once one is dead. */
  readonly onFailure: string | null;
  /** Most events that wait. */
  readonly maxQueuedEvents: number;
  /** Whether a waited-for call with an `Idempotency-Key` runs once. */
  readonly idempotency: boolean;
  /** By name. */
  readonly schedules: Readonly<Record<string, Schedule>>;
}

/** Settings that are objects, of which somebody may choose members. */
type ChosenByMember = 'rateLimit' | 'cors' | 'retry';

/** What somebody chose; the rest follows the defaults, also when the server's change. */
export type ChosenSettings = Partial<Omit<SettingFields, ChosenByMember>> & {
  readonly [K in ChosenByMember]?: Partial<NonNullable<SettingFields[K]>> | Extract<SettingFields[K], null>;
};

/** How a function runs: every setting with its value in force. `completeSettings` makes them. */
export interface FunctionSettings extends SettingFields {
  /** The part of it that is kept in the store. */
  readonly chosen: ChosenSettings;
}

/** Code as published: never changed afterwards. */
export interface FunctionVersion {
  /** Never reused, also across deletion and redeploy; part of the code's directory. */
  readonly id: string;
  /** 1, 2, 3… within the function. */
  readonly number: number;
  /** Of the uploaded archive, hexadecimal. */
  readonly sha256: string;
  /** Of the unpacked tree, by `treeDigest`; null of a version from before there was one. */
  readonly codeSha256: string | null;
  /** Unpacked size. */
  readonly codeBytes: number;
  readonly fileCount: number;
  readonly createdAt: Date;
  /** Id of the key that published it; null if none was needed, or of a version from before this was kept. */
  readonly publishedBy: string | null;
  /** What was chosen when it was published; null of a version from before this was kept. */
  readonly publishedWith: ChosenSettings | null;
}

/** Tells a version, and with it its code, from every other. */
export interface VersionKey {
  readonly name: FunctionName;
  readonly versionId: string;
}

/** Which of a function's versions: the one that is current, or the one of this number. */
export type Qualifier = 'latest' | number;

/** What a call is of. It is resolved once, to the revision that is leased then. */
export interface FunctionTarget {
  readonly name: FunctionName;
  readonly qualifier: Qualifier;
}

export interface DeployedFunction {
  /** Never reused: a function deleted and deployed again is another function. */
  readonly id: string;
  readonly name: FunctionName;
  /** 1 at deploy, one more with every change of version, settings or secrets: two calls of one revision see the same. */
  readonly revision: number;
  readonly version: FunctionVersion;
  readonly settings: FunctionSettings;
  /** Encrypted; by key. */
  readonly secrets: readonly SealedSecret[];
  /** Why this revision's code did not load when that was last tried; null when it did, or nobody has tried. */
  readonly loadFailure: string | null;
  readonly createdAt: Date;
  readonly lastInvokedAt: Date | null;
  /** Admitted calls, once each, whatever their outcome. */
  readonly invokeCount: number;
}

export function functionNotFound(name: FunctionName): DomainError {
  return new DomainError('FUNCTION_NOT_FOUND', `There is no function named "${name}"; deploy it first.`);
}

/** `PUT` is right whatever becomes of the function meanwhile; to delete it would lose its settings, secrets and logs. */
export function functionExists(
  name: FunctionName,
  state = 'exists already',
  options?: ErrorOptions,
): DomainError {
  return new DomainError(
    'FUNCTION_EXISTS',
    `A function named "${name}" ${state}. To deploy new code for it, send the form to PUT /deploy/${name}, which keeps ` +
      'its settings, secrets and logs; for another function, give the file another name.',
    { field: 'name' },
    options,
  );
}
