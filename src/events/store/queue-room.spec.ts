import { newEvent } from '../../../test/support/builders/events.js';
import { strangers } from '../../common/auth/caller.js';
import { limitReached, type Waiting } from './queue-room.js';

const room = { maxQueued: 10, queuedBytes: 100, functionQueuedBytes: 50, strangersPercent: 50 };
const nothing: Waiting = { events: 0, bytes: 0, strangers: 0, strangersBytes: 0, serverBytes: 0 };

function limit(bytes: number, waiting: Partial<Waiting>, keyId: string | null = 'key-1') {
  const { request, ...event } = newEvent('e', { keyId });
  const withBody = { ...event, request: { ...request, body: new Uint8Array(bytes) } };
  return limitReached(withBody, { ...nothing, ...waiting }, room);
}

describe('the room for an event', () => {
  it.each<[limit: string | undefined, bytes: number, waiting: Partial<Waiting>]>([
    [undefined, 10, { events: 9, bytes: 40, serverBytes: 90 }],
    ['events', 0, { events: 10 }],
    ['bytes', 11, { bytes: 40 }],
    ['server-bytes', 11, { serverBytes: 90 }],
  ])('ends at %s: %i bytes beside %j', (expected, bytes, waiting) => {
    expect(limit(bytes, waiting)).toBe(expected);
  });

  it.each<[limit: string | undefined, bytes: number, waiting: Partial<Waiting>]>([
    [undefined, 5, { events: 9, strangers: 4, strangersBytes: 20 }],
    ['strangers', 0, { events: 5, strangers: 5 }],
    ['strangers', 6, { strangers: 1, strangersBytes: 20 }],
  ])('ends for callers without a key at %s: %i bytes beside %j', (expected, bytes, waiting) => {
    expect(limit(bytes, waiting, strangers)).toBe(expected);
    expect(limit(bytes, waiting)).toBeUndefined();
    // On a server without keys nobody is a stranger.
    expect(limit(bytes, waiting, null)).toBeUndefined();
  });

  it('is there for a single request that is larger than a share', () => {
    expect(limit(60, {})).toBeUndefined();
    expect(limit(60, {}, strangers)).toBeUndefined();
    expect(limit(101, {})).toBe('server-bytes');
  });

  it('is there for one without a body where only bytes are short', () => {
    expect(limit(0, { bytes: 50, strangersBytes: 50, serverBytes: 100 }, strangers)).toBeUndefined();
  });
});
