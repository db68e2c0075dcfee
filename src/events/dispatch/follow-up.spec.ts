import { InMemoryEventStore } from '../../../test/fakes/in-memory-event-store.js';
import { acceptance, claimQuery, endedAttempt, eventResult } from '../../../test/support/builders/events.js';
import { deployedFunction } from '../../../test/support/builders/functions.js';
import type { NewEvent } from '../event.js';
import type { ClaimedEvent } from '../store/event-store.js';
import { type EndedEvent, followUpOf, mostDepth, shownBodyBytes } from './follow-up.js';

const after = deployedFunction({
  name: 'after',
  settings: { retry: { maxAgeSeconds: 60 }, maxQueuedEvents: 7 },
});
const functions = { find: (name: string) => (name === 'after' ? after : undefined) };
const naming = (settings: { onSuccess?: string; onFailure?: string }) => deployedFunction({ settings });

async function claimed(fields: Partial<NewEvent> = {}): Promise<ClaimedEvent> {
  const store = new InMemoryEventStore();
  await store.accept(acceptance('e-1', fields));
  const [event] = await store.claim(claimQuery());
  if (!event) throw new Error('Nothing was claimed.');
  return event;
}

function ended(event: ClaimedEvent, fields: Partial<EndedEvent> = {}): EndedEvent {
  const attempts = [endedAttempt(event)];
  return { event, outcome: 'success', attempts, result: eventResult, endedAtMs: 5000, ...fields };
}

function contentOf(following: ReturnType<typeof followUpOf>): Record<string, unknown> {
  const { body } = following.followUpEvent?.event.request ?? { body: new Uint8Array() };
  return JSON.parse(Buffer.from(body).toString()) as Record<string, unknown>;
}

describe('an event that has ended', () => {
  it('is followed up by nothing where its function names none for the outcome', async () => {
    const nothing = { followUp: null, followUpEvent: null };
    const event = await claimed();
    expect(followUpOf(ended(event), naming({ onFailure: 'after' }), functions)).toEqual(nothing);
    const failed = ended(event, { outcome: 'failure' });
    expect(followUpOf(failed, naming({ onSuccess: 'after' }), functions)).toEqual(nothing);
  });

  it('is followed up by an event of the function that is named', async () => {
    const event = await claimed({ depth: 3 });
    const following = followUpOf(ended(event), naming({ onSuccess: 'after' }), functions);
    const made = following.followUpEvent?.event;
    expect(following.followUp).toEqual({ functionName: 'after', eventId: made?.id, refusal: null });
    expect(following.followUpEvent).toMatchObject({
      maxQueued: 7,
      event: {
        functionId: after.id,
        functionName: 'after',
        source: { kind: 'event', eventId: 'e-1', outcome: 'success' },
        keyId: 'key-1',
        acceptedAtMs: 5000,
        expiresAtMs: 65_000,
        orderingKey: null,
        depth: 4,
        request: {
          presentation: {
            method: 'POST',
            rawPath: '/',
            headers: { 'content-type': 'application/json', 'x-glambdar-event-source': 'e-1' },
          },
          traceparent: event.request.traceparent,
        },
      },
    });
  });

  it('tells of its request, its attempts and what was answered', async () => {
    const event = await claimed();
    expect(contentOf(followUpOf(ended(event), naming({ onSuccess: 'after' }), functions))).toEqual({
      event: {
        id: 'e-1',
        function: 'hello',
        acceptedAt: new Date(event.acceptedAtMs).toISOString(),
        source: { kind: 'http' },
      },
      outcome: 'success',
      attempts: [
        expect.objectContaining({ invocationId: event.attempts[0]?.invocationId, outcome: 'success' }),
      ],
      request: expect.objectContaining({
        method: event.request.presentation.method,
        body: 'AP8BgA==',
        isBase64Encoded: true,
        truncated: false,
      }) as unknown,
      result: {
        status: 200,
        headers: eventResult.headers,
        body: 'hi',
        isBase64Encoded: false,
        truncated: false,
      },
      error: null,
    });
  });

  it('tells why it has failed', async () => {
    const event = await claimed();
    const failure = { outcome: 'function', code: 'FUNCTION_ERROR', message: 'It threw.' } as const;
    const failed = ended(event, {
      outcome: 'failure',
      attempts: [endedAttempt(event, failure)],
      result: null,
    });
    expect(contentOf(followUpOf(failed, naming({ onFailure: 'after' }), functions))).toMatchObject({
      outcome: 'failure',
      result: null,
      error: { code: 'FUNCTION_ERROR', message: 'It threw.' },
    });
  });

  it.each([
    ['é'.repeat(shownBodyBytes), 'é'.repeat(shownBodyBytes / 2), false],
    [`a${'é'.repeat(shownBodyBytes)}`, `a${'é'.repeat(shownBodyBytes / 2 - 1)}`, false],
    ['\0'.repeat(shownBodyBytes + 1), Buffer.alloc(shownBodyBytes).toString('base64'), true],
  ])('shows as much of a large body as fits', async (sent, shown, isBase64Encoded) => {
    const event = await claimed();
    const request = { ...event.request, body: Buffer.from(sent) };
    const large = ended({ ...event, request }, { result: { ...eventResult, body: null } });
    const content = contentOf(followUpOf(large, naming({ onSuccess: 'after' }), functions));
    expect(content['request']).toMatchObject({ body: shown, isBase64Encoded, truncated: true });
    expect(content['result']).toMatchObject({ body: null, truncated: true });
  });

  it('is followed up by nothing, and tells why, where the function that is named is not there', async () => {
    expect(followUpOf(ended(await claimed()), naming({ onSuccess: 'gone' }), functions)).toEqual({
      followUp: { functionName: 'gone', eventId: null, refusal: 'There is no function named "gone".' },
      followUpEvent: null,
    });
  });

  it('is followed up by nothing, and tells why, where so many have followed from one another', async () => {
    const last = ended(await claimed({ depth: mostDepth }));
    const { followUp, followUpEvent } = followUpOf(last, naming({ onSuccess: 'after' }), functions);
    expect(followUp?.refusal).toMatch(/^Already 16 events have followed/);
    expect(followUpEvent).toBeNull();
  });
});
