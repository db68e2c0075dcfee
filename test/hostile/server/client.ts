import { zipOf } from '../../support/zip.js';

/** More than the longest wait of the server itself. */
const answerTimeoutMs = 180_000;

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  /** The problem's code, `''` where the answer is no problem. */
  readonly code: string;
  /** The connection ended before the answer did; `text` is empty then. */
  readonly isBrokenOff: boolean;
}

/** What a well-behaved client asks; the hostile ones write bytes of their own. */
export class Client {
  constructor(
    private readonly url: string,
    private readonly key?: string,
  ) {}

  /** What every request of it says. */
  get headers(): Record<string, string> {
    return this.key === undefined ? {} : { authorization: `Bearer ${this.key}` };
  }

  /** Deploys one file, `index.js`, or a whole archive. */
  async deploy(name: string, code: string | Buffer, settings?: object): Promise<Answer> {
    return this.ask('POST', '/deploy', formOf(name, code, settings));
  }

  /** Publishes a new version. */
  publish(name: string, code: string | Buffer): Promise<Answer> {
    return this.ask('PUT', `/deploy/${name}`, formOf(name, code));
  }

  rollBack(name: string, version: number): Promise<Answer> {
    return this.ask('POST', `/rollback/${name}`, JSON.stringify({ version }), {
      'content-type': 'application/json',
    });
  }

  /** Rejects unless the function is deployed. */
  async mustDeploy(name: string, code: string | Buffer, settings?: object): Promise<void> {
    const answer = await this.deploy(name, code, settings);
    if (answer.status !== 201) throw new Error(`Deploying ${name}: ${answer.status} ${answer.text}`);
  }

  call(name: string, body: string | Buffer = '', headers: Record<string, string> = {}): Promise<Answer> {
    return this.ask(
      'POST',
      `/invoke/${name}`,
      typeof body === 'string' ? body : new Uint8Array(body),
      headers,
    );
  }

  /** Leaves when the signal says so; undefined when it has left, or was let down. */
  callUntil(over: AbortSignal, name: string, body = ''): Promise<Answer | undefined> {
    return this.ask('POST', `/invoke/${name}`, body, {}, over).catch(() => undefined);
  }

  info(name: string): Promise<Answer> {
    return this.ask('GET', `/info/${name}`);
  }

  async names(): Promise<string[]> {
    const { status, text } = await this.ask('GET', '/info');
    if (status !== 200) throw new Error(`Listing the functions: ${status} ${text}`);
    return (JSON.parse(text) as { functions: { name: string }[] }).functions.map(({ name }) => name);
  }

  remove(name: string): Promise<Answer> {
    return this.ask('DELETE', `/del/${name}`);
  }

  async removeAll(): Promise<void> {
    for (const name of await this.names()) await this.remove(name);
  }

  async ask(
    method: string,
    path: string,
    body?: NonNullable<RequestInit['body']>,
    headers: Record<string, string> = {},
    over?: AbortSignal,
  ): Promise<Answer> {
    const late = AbortSignal.timeout(answerTimeoutMs);
    const signal = over ? AbortSignal.any([over, late]) : late;
    const request = {
      method,
      // A connection that is kept may be closed by the server just as it is used again.
      headers: { ...this.headers, connection: 'close', ...headers },
      signal,
      ...(body !== undefined && { body }),
    };
    const response = await fetch(`${this.url}${path}`, request);
    const whole = await response.text().catch(() => undefined);
    const text = whole ?? '';
    const { status, headers: answered } = response;
    return { status, headers: answered, text, code: codeOf(text), isBrokenOff: whole === undefined };
  }
}

function formOf(name: string, code: string | Buffer, settings?: object): FormData {
  const zip = typeof code === 'string' ? zipOf({ 'index.js': code }) : code;
  const form = new FormData();
  if (settings) form.set('settings', JSON.stringify(settings));
  form.set('file', new Blob([new Uint8Array(zip)]), `${name}.zip`);
  return form;
}

function codeOf(text: string): string {
  try {
    return (JSON.parse(text) as { code?: string } | null)?.code ?? '';
  } catch {
    return '';
  }
}
