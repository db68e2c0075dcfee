import type { DeployedFunction } from '../functions/function.js';
import type { QueueDepth } from '../events/store/event-store.js';
import type { CallTotals } from './series/call-ring.js';

export const severities = ['warning', 'error'] as const;
export type Severity = (typeof severities)[number];

/** Everything that may need attention. Clients may tell these apart, so none is renamed. */
export const attentionCodes = [
  'ENGINE_DOWN',
  'IMAGE_MISSING',
  'DISK_LOW',
  'STORE_FAILING',
  'NO_KEY',
  'SERVER_OVERLOADED',
  'RECORDS_LOST',
  'CONTAINERS_LEFT',
  'FUNCTION_BROKEN',
  'FUNCTION_FAILING',
  'FUNCTION_ERRORS',
  'FUNCTION_REFUSES',
  'POOL_NOT_FILLED',
  'EVENTS_DEAD',
  'EVENTS_STUCK',
] as const;
export type AttentionCode = (typeof attentionCodes)[number];

export interface Attention {
  readonly severity: Severity;
  readonly code: AttentionCode;
  /** What is wrong and what to do. */
  readonly message: string;
  /** Null: it is about the server. */
  readonly functionName: string | null;
}

/** Over this time errors and refusals are counted. */
export const recentMinutes = 5;

/** So many errors of a function are many, if they are also this part of its calls. */
const manyErrors = { count: 5, part: 0.1 };

const manyRefusals = 5;

/** Events that are due, of which none runs for so long, are stuck. */
const stuckMs = recentMinutes * 60_000;

/** What is known of one function. */
export interface FunctionFacts {
  readonly deployed: Pick<DeployedFunction, 'name' | 'loadFailure' | 'settings'>;
  readonly isBroken: boolean;
  /** Its calls of the last minutes; undefined if there were none. */
  readonly recent: CallTotals | undefined;
  /** For some time it has had fewer containers than it should always have. */
  readonly lacksContainers: boolean;
  /** Its events; undefined if it has none. */
  readonly events: Pick<QueueDepth, 'queued' | 'running' | 'dead' | 'nextDueMs'> | undefined;
  readonly nowMs: number;
}

/** What is known of the server. */
export interface ServerHealth {
  readonly isEngineUp: boolean;
  /** Runtimes that functions need, without their image. */
  readonly missingImages: readonly string[];
  readonly disk: { readonly freeBytes: number } | null;
  /** With less, the server is not ready. */
  readonly reservedDiskMiB: number;
  readonly isStoreUp: boolean;
  readonly isOpenToOthers: boolean;
  /** Of all functions, in the last minutes. */
  readonly recent: CallTotals;
  /** In the last hour. */
  readonly lostRecords: number;
  readonly leakedContainers: number;
}

const bytesPerMiB = 1024 * 1024;

export function serverAttention(health: ServerHealth): Attention[] {
  const found: Attention[] = [];
  const tell = (severity: Severity, code: AttentionCode, message: string) => {
    found.push({ severity, code, message, functionName: null });
  };
  if (!health.isEngineUp)
    tell(
      'error',
      'ENGINE_DOWN',
      'The container engine does not answer, so calls fail: start it, or read the server’s log.',
    );
  for (const runtime of health.isEngineUp ? health.missingImages : [])
    tell(
      'error',
      'IMAGE_MISSING',
      `The container engine has no image for ${runtime}, so calls fail: build it with node scripts/image.mjs ${runtime}.`,
    );
  const freeMiB = health.disk && Math.floor(health.disk.freeBytes / bytesPerMiB);
  if (freeMiB !== null && freeMiB < health.reservedDiskMiB)
    tell(
      'error',
      'DISK_LOW',
      `Only ${freeMiB} MiB of the disk are free, and the server needs ${health.reservedDiskMiB} MiB (GLAMBDAR_READY_FREE_DISK_MIB): free some space.`,
    );
  if (!health.isStoreUp)
    tell(
      'error',
      'STORE_FAILING',
      'The database cannot be read and written, so nothing can be deployed or changed: see the server’s log.',
    );
  if (health.isOpenToOthers)
    tell(
      'error',
      'NO_KEY',
      'Other machines reach this server, and there is no key, so they may all deploy, call and delete functions: create one with npm run keys -- create --name me --scopes admin.',
    );
  const refused = health.recent.of('refused');
  if (refused >= manyRefusals)
    tell(
      'warning',
      'SERVER_OVERLOADED',
      `${refused} calls of the last ${recentMinutes} minutes were refused because the server runs as many as it may: call it less often, or raise GLAMBDAR_RUNNING_CALLS or GLAMBDAR_RUNNING_MEMORY_MIB if the machine has room.`,
    );
  if (health.lostRecords > 0)
    tell(
      'warning',
      'RECORDS_LOST',
      `${health.lostRecords} log lines and records of calls were lost in the last hour: see the server’s log for the reason, and raise GLAMBDAR_RECORDS_QUEUE_BYTES if functions print much at once.`,
    );
  if (health.leakedContainers > 0)
    tell(
      'warning',
      'CONTAINERS_LEFT',
      `The container engine could not remove ${health.leakedContainers} containers; the server tries again. If this stays, look at the logs of the engine and of the server.`,
    );
  return found;
}

export function functionAttention(facts: FunctionFacts): Attention[] {
  const { name, loadFailure, settings } = facts.deployed;
  const found: Attention[] = [];
  const tell = (severity: Severity, code: AttentionCode, message: string) => {
    found.push({ severity, code, message, functionName: name });
  };
  if (facts.isBroken)
    tell(
      'error',
      'FUNCTION_BROKEN',
      `The code of ${name} is missing or was changed on the server, so its calls are refused: publish it again.`,
    );
  else if (loadFailure !== null)
    tell(
      'error',
      'FUNCTION_FAILING',
      `The code of ${name} does not load, so its calls fail: see why at the function, then publish a version that loads.`,
    );
  const { recent } = facts;
  const errors = recent?.of('function') ?? 0;
  const calls = recent?.of('calls') ?? 0;
  if (errors >= manyErrors.count && errors >= calls * manyErrors.part)
    tell(
      'warning',
      'FUNCTION_ERRORS',
      `${errors} of ${calls} calls of ${name} in the last ${recentMinutes} minutes failed because of the function: its invocations and its log say why.`,
    );
  const refused = recent?.of('refused') ?? 0;
  if (refused >= manyRefusals)
    tell(
      'warning',
      'FUNCTION_REFUSES',
      settings.maxConcurrency === 0
        ? `${name} refuses every call, because its maxConcurrency is 0: raise it if that is not meant.`
        : `${refused} calls of ${name} in the last ${recentMinutes} minutes were refused, because too many ran or waited: raise its maxConcurrency (${settings.maxConcurrency}), or call it less often.`,
    );
  if (facts.lacksContainers)
    tell(
      'warning',
      'POOL_NOT_FILLED',
      `${name} should always have ${settings.minContainers} containers (minContainers) and has fewer: lower it, raise GLAMBDAR_POOL_MEMORY_MIB and GLAMBDAR_POOL_CONTAINERS, or see in the server’s log why containers cannot be created.`,
    );
  return [...found, ...eventAttention(facts)];
}

function eventAttention({ deployed: { name, settings }, events, nowMs }: FunctionFacts): Attention[] {
  const found: Attention[] = [];
  const tell = (code: AttentionCode, message: string) => {
    found.push({ severity: 'warning', code, message, functionName: name });
  };
  if (!events) return found;
  if (events.dead > 0)
    tell(
      'EVENTS_DEAD',
      `${events.dead} events of ${name} are dead: their attempts say why. Try them again once that is fixed, or delete them.`,
    );
  const isStuck = events.running === 0 && events.nextDueMs !== null && nowMs - events.nextDueMs >= stuckMs;
  if (isStuck)
    tell(
      'EVENTS_STUCK',
      settings.maxConcurrency === 0
        ? `${events.queued} events of ${name} wait, and none runs, because its maxConcurrency is 0: raise it.`
        : `${events.queued} events of ${name} wait, and none has run for ${recentMinutes} minutes, because callers leave them no room: raise its maxConcurrency (${settings.maxConcurrency}), GLAMBDAR_RUNNING_CALLS or GLAMBDAR_EVENTS_PERCENT.`,
    );
  return found;
}

/** Errors first, otherwise in the order given. */
export function mostSevereFirst(attention: readonly Attention[]): Attention[] {
  return [...attention].sort((a, b) => severities.indexOf(b.severity) - severities.indexOf(a.severity));
}
