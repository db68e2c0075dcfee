export interface ReceivedEvent {
  readonly event: string;
  readonly id: string | undefined;
  readonly data: Readonly<Record<string, unknown>>;
}

export interface ReceivedEvents {
  /** The next event; rejects where there is none. */
  next(): Promise<ReceivedEvent>;
  /** Resolves when the answer has ended. */
  readonly ended: Promise<undefined>;
}

/** Follows what a server sends as events. Rejects unless it answers 200 with such a stream. */
export async function eventsFrom(
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<ReceivedEvents> {
  const response = await fetch(url, { headers });
  const type = response.headers.get('content-type');
  if (response.status !== 200 || type !== 'text/event-stream; charset=utf-8' || !response.body)
    throw new Error(`${url} answers ${response.status} ${String(type)}: ${await response.text()}`);
  const ended = Promise.withResolvers<undefined>();
  const events = eventsIn(response.body.pipeThrough(new TextDecoderStream()));
  return {
    ended: ended.promise,
    async next() {
      const { value, done } = await events.next();
      if (done === true) throw new Error('The stream has ended.');
      if (value.event === 'end') {
        await events.next();
        ended.resolve(undefined);
      }
      return value;
    },
  };
}

async function* eventsIn(text: AsyncIterable<string>): AsyncGenerator<ReceivedEvent, undefined> {
  let rest = '';
  for await (const chunk of text) {
    const blocks = (rest + chunk).split('\n\n');
    rest = blocks.pop() ?? '';
    for (const block of blocks) {
      if (block.startsWith(':')) continue;
      const field = (name: string) => new RegExp(`^${name}: (.*)$`, 'm').exec(block)?.[1];
      yield {
        event: field('event') ?? '',
        id: field('id'),
        data: JSON.parse(field('data') ?? '{}') as Readonly<Record<string, unknown>>,
      };
    }
  }
  return undefined;
}
