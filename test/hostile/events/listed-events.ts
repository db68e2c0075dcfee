import { within } from '../../support/eventually.js';
import type { TrialClient } from '../server.js';

const leastPatienceMs = 180_000;

/** What the server tells of an event. */
export interface ListedEvent {
  readonly id: string;
  readonly state: string;
  readonly source: { readonly kind: string; readonly eventId?: string };
  readonly orderingKey: string | null;
  readonly endedAt: string | null;
  readonly request: { readonly path: string };
  readonly attempts: readonly { readonly startedAt: string; readonly outcome: string | null }[];
  readonly attemptCount: number;
  readonly followUp: { readonly eventId: string | null } | null;
}

interface Page {
  readonly events: readonly ListedEvent[];
  readonly cursor: string | null;
}

/** Hands work over; undefined where the server did not say that it has it. Rejects when the connection is lost. */
export async function handOver(
  client: TrialClient,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<string | undefined> {
  const answer = await client.invoke(path, '{"some":"work"}', { prefer: 'respond-async', ...headers });
  return answer.status === 202 ? (answer.json as { id: string }).id : undefined;
}

/** The oldest first. */
export async function allEvents(client: TrialClient, name: string): Promise<ListedEvent[]> {
  const all: ListedEvent[] = [];
  for (let cursor: string | null = ''; cursor !== null;) {
    const page: Page = await pageOf(client, `function=${name}&limit=200${cursor && `&cursor=${cursor}`}`);
    all.push(...page.events);
    cursor = page.cursor;
  }
  return all.reverse();
}

/** Resolves once none of the function's events waits or runs; the more there are, the longer it may take. */
export async function allEnded(client: TrialClient, name: string, count: number): Promise<void> {
  await within(leastPatienceMs + 100 * count, `Ending ${count} events of ${name}`, untilNoneIsLeft());

  async function untilNoneIsLeft(): Promise<void> {
    for (;;) {
      const { events } = await pageOf(client, `function=${name}&state=queued,running,failed&limit=1`);
      const [some] = events;
      if (!some) return;
      await client.get(`/events/${some.id}?wait=20`);
    }
  }
}

async function pageOf(client: TrialClient, query: string): Promise<Page> {
  const { status, text, json } = await client.get(`/events?${query}`);
  if (status !== 200) throw new Error(`Listing events: ${status} ${text}`);
  return json as Page;
}
