/** One server-sent event whose data is JSON. */
export interface ServerSentEvent {
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
