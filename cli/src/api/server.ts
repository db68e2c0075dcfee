import { createClient, createConfig, type Client } from '@glambdar/client/create';
import { CommandError, Interrupted } from '../errors/command-error.js';
import type { Target } from '../profile/target.js';
import { readVersion } from '../version.js';
import { refusalOf } from './problem.js';

/** What a function of the generated client resolves to. */
interface Answer<T> {
  readonly data: T | undefined;
  readonly error: unknown;
  readonly response?: Response;
}

/** `fetch` would send the key on, to whatever host an answer names. */
const redirect = 'manual';

/** The chosen server: the generated client with the key, and what goes wrong in words. */
export class Server {
  /** For the functions of `@glambdar/client`: `server.answer(listFunctions({ client: server.client }))`. */
  readonly client: Client;

  constructor(
    readonly target: Target,
    private readonly interrupted: AbortSignal,
  ) {
    this.client = createClient(
      createConfig({ baseUrl: target.url, headers: this.headers(), signal: interrupted, redirect }),
    );
  }

  /** `Authorization` is left to functions. */
  headers(): Record<string, string> {
    const { key } = this.target;
    const userAgent = `glambdar/${readVersion()}`;
    return { 'user-agent': userAgent, ...(key === undefined ? {} : { 'x-glambdar-key': key }) };
  }

  /** The address of a route, for what the generated client cannot express: streams and bodies as they are. */
  url(path: string): string {
    return `${this.target.url}${path}`;
  }

  /** A plain request with the key; an answer that is an error is not looked at. */
  async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers);
    for (const [name, value] of Object.entries(this.headers())) headers.set(name, value);
    try {
      return await fetch(this.url(path), { signal: this.interrupted, redirect, ...init, headers });
    } catch (error) {
      throw this.unreachable(error);
    }
  }

  /** What a function of the client answers, or why not. */
  async answer<T>(request: Promise<Answer<T>>): Promise<T> {
    const { data, error, response } = await request;
    if (response === undefined) throw this.unreachable(error);
    if (!response.ok) throw this.refusal(response, error);
    const type = response.headers.get('content-type') ?? '';
    if (data === undefined || (response.status !== 204 && !type.includes('json'))) throw this.isNoServer();
    return data;
  }

  /** A change that answers nothing but that it is done. */
  async done(request: Promise<Answer<unknown>>): Promise<void> {
    const { error, response } = await request;
    if (response === undefined) throw this.unreachable(error);
    if (!response.ok) throw this.refusal(response, error);
  }

  /** An answer of `fetch` that is no error. */
  async accepted(response: Response): Promise<Response> {
    if (response.ok) return response;
    throw this.refusal(response, await jsonOf(response));
  }

  private refusal(response: Response, body: unknown): CommandError {
    const { status, headers } = response;
    const location = headers.get('location') ?? '';
    const isRedirect = status >= 300 && status < 400 && URL.canParse(location, this.target.url);
    return isRedirect
      ? this.leadsElsewhere(new URL(location, this.target.url))
      : refusalOf(status, body, this.target);
  }

  private leadsElsewhere({ origin }: URL): CommandError {
    const { url, chosenBy } = this.target;
    return new CommandError(
      'unreachable',
      `${url} leads to another address, at ${origin}. The key was not sent there.`,
      `That is ${chosenBy}. If you trust the other address, use it in place of this one: \`glambdar login ${origin}\`.`,
    );
  }

  unreachable(error: unknown): Error {
    if (this.interrupted.aborted) return new Interrupted();
    const { url, chosenBy } = this.target;
    return new CommandError(
      'unreachable',
      `Nothing answers at ${url} (${reasonOf(error)}).`,
      `That is ${chosenBy}. Start the server there, or name another one: \`glambdar login URL\`, or GLAMBDAR_URL.`,
    );
  }

  private isNoServer(): CommandError {
    const { url, chosenBy } = this.target;
    return new CommandError(
      'unreachable',
      `What answers at ${url} is not a Glambdar server.`,
      `That is ${chosenBy}. Check the address, and what a proxy in between does.`,
    );
  }
}

async function jsonOf(response: Response): Promise<unknown> {
  try {
    return JSON.parse(await response.text());
  } catch {
    return undefined;
  }
}

/** The system's own code where there is one, such as `ECONNREFUSED`. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message?: string; cause?: { code?: unknown; message?: string } };
  return typeof cause?.code === 'string' ? cause.code : (cause?.message ?? message ?? 'no answer');
}
