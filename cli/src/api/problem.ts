import type { Problem } from '@glambdar/client';
import { CommandError } from '../errors/command-error.js';
import type { Exit } from '../errors/exit-codes.js';
import type { Target } from '../profile/target.js';

/** A refusal of the server, which a command may look into. */
export class ServerRefusal extends CommandError {
  constructor(
    readonly status: number,
    readonly problem: Partial<Problem>,
    message: string,
    hint: string | undefined,
  ) {
    super(exitFor(status), message, hint);
  }
}

/** What `application/problem+json` says, in its own words; they say what to do, except where only the person here can. */
export function refusalOf(status: number, body: unknown, target: Target): ServerRefusal {
  const problem = isRecord(body) ? (body as Partial<Problem>) : {};
  const { detail = `The server answered with status ${status}.` } = problem;
  return new ServerRefusal(status, problem, detail, hintFor(status, target));
}

function hintFor(status: number, { url, key }: Target): string | undefined {
  if (status !== 401) return undefined;
  return key === undefined
    ? `Run \`glambdar login ${url}\`, or set GLAMBDAR_KEY.`
    : `The key you use is not valid at ${url}: run \`glambdar login ${url}\` with another, or set GLAMBDAR_KEY.`;
}

function exitFor(status: number): Exit {
  if (status === 401 || status === 403) return 'notAllowed';
  return status === 404 ? 'notFound' : 'refused';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
