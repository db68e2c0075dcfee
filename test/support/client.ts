import { zipOf } from './zip.js';

/** An answer, read whole. */
export class Answer {
  constructor(
    readonly status: number,
    readonly headers: Headers,
    readonly body: Buffer,
    /** The connection ended before the answer did: its body is empty here. */
    readonly isBrokenOff = false,
  ) {}

  static async of(response: Response): Promise<Answer> {
    return new Answer(response.status, response.headers, Buffer.from(await response.arrayBuffer()));
  }

  get text(): string {
    return this.body.toString('utf8');
  }

  get json(): unknown {
    return JSON.parse(this.text) as unknown;
  }

  /** The problem's code, `''` where the answer is no problem. */
  get code(): string {
    try {
      return (this.json as { code?: string } | null)?.code ?? '';
    } catch {
      return '';
    }
  }

  get type(): string | null {
    return this.headers.get('content-type');
  }

  get invocationId(): string {
    return this.headers.get('x-glambdar-invocation-id') ?? '';
  }

  /** How the call came by its container, as `Server-Timing` says. */
  get origin(): string | undefined {
    return /container;desc="([^"]+)"/.exec(this.headers.get('server-timing') ?? '')?.[1];
  }
}

export interface Metadata {
  readonly name: string;
  readonly createdAt: string;
  readonly lastInvokedAt: string | null;
  readonly invokeCount: number;
}

type Fields = object;

/** A user's HTTP client: the five routes, nothing hidden. */
export class Client {
  constructor(
    /** Without a slash at the end. */
    readonly url: string,
    /** Shown with every request that says nothing else. */
    readonly key?: string,
  ) {}

  /** What every request of it says. */
  get headers(): Record<string, string> {
    return this.key === undefined ? {} : { authorization: `Bearer ${this.key}` };
  }

  /** Rejects when the answer does not come whole. */
  async send(method: string, path: string, init: RequestInit = {}): Promise<Answer> {
    return Answer.of(await this.request(method, path, init));
  }

  protected request(method: string, path: string, init: RequestInit): Promise<Response> {
    const headers = new Headers({ ...this.headers, ...Object.fromEntries(new Headers(init.headers)) });
    // A connection that is kept may be closed by the server just as it is used again.
    headers.set('connection', 'close');
    return fetch(this.url + path, { method, ...init, headers });
  }

  get(path: string): Promise<Answer> {
    return this.send('GET', path);
  }

  /** Uploads a zip, or that of one file `index.js`, in the field `file`, as a file called `fileName`. */
  upload(fileName: string, code: Buffer | string, settings?: Fields): Promise<Answer> {
    return this.send('POST', '/deploy', { body: formOf(fileName, code, settings) });
  }

  /** Deploys what is expected to deploy; anything else throws. */
  async deploy(name: string, code: Buffer | string, settings?: Fields): Promise<Answer> {
    const answer = await this.upload(`${name}.zip`, code, settings);
    if (answer.status !== 201) throw new Error(`${name} was not deployed: ${answer.status} ${answer.text}`);
    return answer;
  }

  /** Publishes a version; the name of the file does not matter. */
  publish(name: string, code: Buffer | string, settings?: Fields): Promise<Answer> {
    return this.send('PUT', `/deploy/${name}`, { body: formOf('archive', code, settings) });
  }

  rollBack(name: string, version?: number): Promise<Answer> {
    if (version === undefined) return this.send('POST', `/rollback/${name}`);
    const headers = { 'content-type': 'application/json' };
    return this.send('POST', `/rollback/${name}`, { body: JSON.stringify({ version }), headers });
  }

  /** The numbers of a function's versions, newest first; the current one is marked. */
  async versions(name: string): Promise<string> {
    const { versions } = (await this.get(`/versions/${name}`)).json as {
      versions: { version: number; current: boolean }[];
    };
    return versions.map(({ version, current }) => (current ? `[${version}]` : `${version}`)).join(' ');
  }

  invoke(
    name: string,
    body?: string | Uint8Array<ArrayBuffer>,
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.send('POST', `/invoke/${name}`, body === undefined ? { headers } : { body, headers });
  }

  async info(name: string): Promise<Metadata> {
    return (await this.get(`/info/${name}`)).json as Metadata;
  }

  delete(name: string): Promise<Answer> {
    return this.send('DELETE', `/del/${name}`);
  }
}

function formOf(fileName: string, code: Buffer | string, settings?: Fields): FormData {
  const zip = typeof code === 'string' ? zipOf({ 'index.js': code }) : code;
  const form = new FormData();
  form.set('file', new File([new Uint8Array(zip)], fileName));
  if (settings) form.set('settings', JSON.stringify(settings));
  return form;
}

/** One server-sent event whose data is JSON. */
interface ServerSentEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: unknown;
}

/** Reads a stream of server-sent events one by one. */
export class EventReader {
  private text = '';

  private constructor(
    private readonly reader: ReadableStreamDefaultReader<Uint8Array>,
    private readonly decoder = new TextDecoder(),
  ) {}

  /** Throws where the answer is no stream. */
  static async open(
    url: string,
    lastEventId?: string,
    headers: Readonly<Record<string, string>> = {},
  ): Promise<EventReader> {
    const after = lastEventId === undefined ? {} : { 'Last-Event-ID': lastEventId };
    const response = await fetch(url, { headers: { ...after, ...headers } });
    if (!response.headers.get('content-type')?.startsWith('text/event-stream') || !response.body) {
      throw new Error(`no stream: ${response.status} ${await response.text()}`);
    }
    return new EventReader(response.body.getReader());
  }

  /** The next event, comments passed over; undefined at the end. */
  async next(): Promise<ServerSentEvent | undefined> {
    for (;;) {
      const end = this.text.indexOf('\n\n');
      if (end >= 0) {
        const event = parsed(this.text.slice(0, end));
        this.text = this.text.slice(end + 2);
        if (event) return event;
        continue;
      }
      const { done, value } = await this.reader.read();
      if (done) return undefined;
      this.text += this.decoder.decode(value, { stream: true });
    }
  }

  async close(): Promise<void> {
    await this.reader.cancel();
  }
}

function parsed(block: string): ServerSentEvent | undefined {
  const fields = new Map(
    block.split('\n').map((line) => [line.split(': ', 1)[0], line.slice(line.indexOf(': ') + 2)]),
  );
  const data = fields.get('data');
  if (data === undefined) return undefined;
  return { event: fields.get('event') ?? 'message', id: fields.get('id'), data: JSON.parse(data) as unknown };
}
