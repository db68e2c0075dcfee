import { getStats, listFunctions } from '@glambdar/client';
import type { Server } from '../api/server.js';
import { CommandError } from '../errors/command-error.js';
import { moment } from '../terminal/quantities.js';
import { fields } from '../terminal/table.js';
import type { View } from '../terminal/view.js';

interface Check {
  readonly status: string;
  readonly message?: unknown;
}

/** What a key does not allow to see is null. */
export interface ServerStatus {
  readonly url: string;
  readonly ready: boolean;
  readonly checks: Readonly<Record<string, Check>>;
  readonly version: string | null;
  readonly startedAt: string | null;
  readonly functions: number | null;
  readonly running: number | null;
  readonly waiting: number | null;
}

export async function readStatus(server: Server): Promise<ServerStatus> {
  const checks = await readChecks(server);
  const { client } = server;
  const [{ data: stats }, { data: list }] = await Promise.all([
    getStats({ client }),
    listFunctions({ client }),
  ]);
  const { version = null, startedAt = null, running = null, waiting = null } = stats?.server ?? {};
  return {
    url: server.target.url,
    ...checks,
    version,
    startedAt,
    functions: list?.count ?? null,
    running,
    waiting,
  };
}

/** A server that is not ready says why, with a status that is an error elsewhere. */
async function readChecks(server: Server): Promise<Pick<ServerStatus, 'ready' | 'checks'>> {
  const response = await server.fetch('/health/ready', { headers: { accept: 'application/json' } });
  const body = await response.json().catch(() => undefined as unknown);
  const { status, details } = (body ?? {}) as { status?: unknown; details?: ServerStatus['checks'] };
  if (details === undefined) {
    await server.accepted(new Response(JSON.stringify(body), { status: response.status }));
    throw new CommandError('unreachable', `What answers at ${server.target.url} is not a Glambdar server.`);
  }
  return { ready: status === 'ok', checks: details };
}

export function statusView({ url, ready, checks, version, startedAt, ...counts }: ServerStatus): View {
  return fields([
    ['server', url, ready ? 'green' : 'red'],
    ['ready', ready ? 'yes' : 'no', ready ? 'green' : 'red'],
    ...Object.entries(checks).map(checkField),
    ['version', version],
    ['started', moment(startedAt)],
    ['functions', counts.functions],
    ['running calls', counts.running],
    ['waiting calls', counts.waiting],
  ]);
}

function checkField([name, { status, message }]: readonly [string, Check]): readonly [
  string,
  string,
  'green' | 'red',
] {
  const text = typeof message === 'string' ? `${status}: ${message}` : status;
  return [name, text, status === 'up' ? 'green' : 'red'];
}
