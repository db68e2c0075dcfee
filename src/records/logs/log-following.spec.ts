import { EventEmitter } from 'node:events';
import type { ServerResponse } from 'node:http';
import { InMemoryRecordStore } from '../../../test/fakes/in-memory-record-store.js';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../../test/fakes/recording-log.js';
import { deployedFunction, settingsFor } from '../../../test/support/builders/functions.js';
import { logLine, recordBatch } from '../../../test/support/builders/calls.js';
import type { Caller } from '../../common/auth/caller.js';
import { everyFunction } from '../../common/auth/caller.js';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { StandingAccess, type AccessLoss } from '../../common/auth/standing-access.js';
import { SendBudget } from '../../common/budgets/send-budget.js';
import { ReadQueue } from '../read-queue.js';
import { RecordWriter } from '../record-writer.js';
import { recordsSettings, type RecordsSettings } from '../records.settings.js';
import type { LogLine } from '../store/record-store.js';
import { AccessWatch } from '../../common/auth/access-watch.js';
import { type Following, LogFollowing } from './log-following.js';
import { FollowPace, LogFeed } from './log-feed.js';
import { LogStream, plainText, serverSentEvents } from './log-stream.js';

/** A client's connection: takes everything, or nothing until it drains. */
class FakeResponse extends EventEmitter {
  text = '';
  writableEnded = false;
  destroyed = false;
  writableLength = 0;
  takesNothing = false;
  readonly req = { socket: new EventEmitter() };

  get writableNeedDrain(): boolean {
    return this.writableLength > 0;
  }

  setHeader(): void {
    return;
  }

  flushHeaders(): void {
    return;
  }

  write(text: string): void {
    this.text += text;
    if (this.takesNothing) this.writableLength += text.length;
  }

  drain(): void {
    this.writableLength = 0;
    this.takesNothing = false;
    this.emit('drain');
  }

  leave(): void {
    this.destroyed = true;
    this.emit('close');
  }

  end(): void {
    this.writableEnded = true;
    this.emit('close');
  }

  /** What was sent, in short: the texts of lines, and the other events with their data. */
  get events(): unknown[] {
    return this.text
      .split('\n\n')
      .filter((block) => block.startsWith('event'))
      .map((block) => {
        const data = JSON.parse(block.slice(block.indexOf('data: ') + 6)) as { text?: string };
        return data.text ?? data;
      });
  }
}

const hello = deployedFunction({ name: 'hello' });
const ofHello = { id: hello.id, name: 'hello', version: 1, revision: 1 };
const line = (sequence: number, fields: Partial<LogLine> = {}) =>
  logLine(sequence, { function: ofHello, ...fields });

/** Whoever is let in stays so, until a test says otherwise. */
class FakeAccess extends StandingAccess {
  loss: AccessLoss | undefined;

  override async refresh(): Promise<void> {
    return;
  }

  override lossOf(): AccessLoss | undefined {
    return this.loss;
  }
}

const callerWith = (keyId: string | undefined): Caller => ({
  keyId,
  address: '127.0.0.1',
  scopes: ['logs:read'],
  reach: everyFunction,
});

function world(changed: Partial<RecordsSettings> = {}, unsentBytes = 1e9) {
  const settings = settingsFor(recordsSettings, changed);
  const store = new InMemoryRecordStore();
  const clock = new ManualClock();
  const shares = settingsFor(fairShareSettings);
  const writer = new RecordWriter(store, clock, new RecordingLog(), settings, shares);
  const feed = new LogFeed(settings, shares);
  const queue = new ReadQueue(clock, settings, shares);
  const access = new FakeAccess();
  const unsent = new SendBudget({ total: unsentBytes, share: unsentBytes / 2 }, clock);
  const [pace, watch] = [new FollowPace(clock), new AccessWatch(access, clock)];
  const following = new LogFollowing(store, writer, queue, feed, pace, watch, unsent, clock, settings);
  const follow = async (
    wanted: Partial<Following['filter']> & { after?: number; keyId?: string } = {},
    response = new FakeResponse(),
    format = serverSentEvents,
  ) => {
    const { after, keyId, ...filter } = wanted;
    const stream = new LogStream(response as unknown as ServerResponse, format);
    await following.follow(hello, stream, {
      caller: callerWith(keyId),
      filter: { limit: 100, ...filter },
      after,
    });
    return response;
  };
  const print = (printed: LogLine) => {
    writer.line(printed);
    feed.publish(printed);
  };
  return { store, clock, feed, access, unsent, follow, print };
}

describe('following a log', () => {
  it('begins with the newest lines that are kept and goes on with each that comes', async () => {
    const { follow, print } = world();
    for (const sequence of [1, 2, 3]) print(line(sequence));
    const response = await follow({ limit: 2 });
    print(line(4));
    expect(response.events).toEqual(['line 2', 'line 3', 'line 4']);
  });

  it('sends only lines that have a text in them, of the kept and of the new ones', async () => {
    const { follow, print } = world();
    print(line(1, { text: 'order 100%' }));
    print(line(2, { text: 'order 1000' }));
    const response = await follow({ contains: '100%' });
    print(line(3, { text: 'nothing' }));
    print(line(4, { text: 'again 100% order' }));
    expect(response.events).toEqual(['order 100%', 'again 100% order']);
  });

  it('is text for people where the client wants that, to its end', async () => {
    const { follow, print, feed, clock } = world();
    print(line(1, { text: 'kept', atMs: 0 }));
    const response = await follow({}, undefined, plainText);
    print(line(2, { text: 'new', atMs: 1, invocationId: '5bd66ef5-0954', level: 'error', stream: 'stderr' }));
    clock.advance(60_000);
    feed.deleted(hello.id);
    expect(response.text.split('\n')).toEqual([
      '1970-01-01T00:00:00.000Z info  stdout  -        kept',
      '1970-01-01T00:00:00.001Z error stderr  5bd66ef5 new',
      '# The function was deleted.',
      '',
    ]);
    expect(response.writableEnded).toBe(true);
  });

  it('goes on after the last line that the client has seen, however many there are', async () => {
    const { follow, store } = world();
    const lines = Array.from({ length: 2500 }, (_, index) => line(index + 1));
    await store.write(recordBatch({ lines }));
    const response = await follow({ after: 10, limit: 2 });
    expect(response.events).toHaveLength(2490);
  });

  it('sends a line that comes while the kept ones are read once, and after them', async () => {
    const { follow, print, store } = world();
    print(line(1));
    const held = Promise.withResolvers<undefined>();
    store.held = held.promise;
    const following = follow();
    print(line(2));
    held.resolve(undefined);
    expect((await following).events).toEqual(['line 1', 'line 2']);
  });

  it('sends what was asked for, and nothing of other functions', async () => {
    const { follow, print } = world();
    const response = await follow({ invocationId: 'i-1', levels: ['error'] });
    print(line(1, { invocationId: 'i-1' }));
    print(line(2, { invocationId: 'i-2', level: 'error' }));
    print(logLine(3, { invocationId: 'i-1', level: 'error' }));
    print(line(4, { invocationId: 'i-1', level: 'error' }));
    expect(response.events).toEqual(['line 4']);
  });

  it('cannot be made to end an event or to begin one by what is printed', async () => {
    const { follow, print } = world();
    const response = await follow();
    const text = 'x\n\nevent: end\ndata: {}\r\r\u2028\u001b[2J';
    print(line(1, { text }));
    expect(response.events).toEqual([text]);
    expect(response.text.split('\n')).toHaveLength(5);
  });

  it('counts what a slow client cannot take, and tells it when it can', async () => {
    const { follow, print } = world({ followerBytes: 4096 });
    const response = await follow();
    response.takesNothing = true;
    print(line(1, { text: 'x'.repeat(5000) }));
    for (const sequence of [2, 3]) print(line(sequence));
    expect(response.events).toHaveLength(1);
    response.drain();
    print(line(4));
    expect(response.events.slice(1)).toEqual([{ lines: 2 }, 'line 4']);
  });

  it('sends a heartbeat while there is nothing else, and leaves no timer behind', async () => {
    const { follow, clock } = world({ heartbeatSeconds: 10 });
    const response = await follow();
    clock.advance(20_000);
    expect(response.text).toBe(': heartbeat\n\n'.repeat(2));
    response.leave();
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when the function is deleted', async () => {
    const { follow, feed, clock } = world();
    const response = await follow();
    feed.deleted(hello.id);
    expect(response.events).toEqual([{ reason: 'deleted' }]);
    expect([response.writableEnded, clock.pendingTimers]).toEqual([true, 0]);
  });

  it('ends after its time, though its client takes nothing, and gives its place to the next one', async () => {
    const { follow, clock } = world({ followSeconds: 60, followers: 1 });
    const [response, text] = [new FakeResponse(), new FakeResponse()];
    response.takesNothing = true;
    await follow({}, response);
    clock.advance(60_000);
    await follow({}, text, plainText);
    clock.advance(60_000);
    expect(response.events).toEqual([{ reason: 'time-limit' }]);
    expect(text.text).toContain('# The request has followed the log for as long as it may; send it again.');
    expect(clock.pendingTimers).toBe(0);
  });

  it('ends when the server stops, and is refused from then on', async () => {
    const { follow, feed } = world();
    const response = await follow();
    feed.close();
    expect(response.events).toEqual([{ reason: 'shutdown' }]);
    await expect(follow()).rejects.toMatchObject({ code: 'DRAINING' });
  });

  it('is for half of those clients with one key', async () => {
    const { follow } = world({ followers: 4 });
    const [first] = [await follow({ keyId: 'k-1' }), await follow({ keyId: 'k-1' })];
    await expect(follow({ keyId: 'k-1' })).rejects.toMatchObject({ code: 'RATE_LIMITED' });
    await follow({ keyId: 'k-2' });
    first.leave();
    await follow({ keyId: 'k-1' });
  });

  it('gives back a place once, however it ends', async () => {
    const { follow, feed } = world({ followers: 1 });
    const response = await follow();
    feed.deleted(hello.id);
    response.leave();
    await follow();
    await expect(follow()).rejects.toMatchObject({ code: 'OVERLOADED' });
  });

  it.each<[AccessLoss, string]>([
    ['revoked', '# The key was revoked.\n'],
    ['expired', '# The key has expired.\n'],
    ['forbidden', '# The key does not include this log any more.\n'],
    ['signed-out', '# The session has ended: sign in again.\n'],
    ['key-needed', '# This server has keys now: follow with one.\n'],
  ])(
    'ends within a second when the key is good no more (%s), and sends nothing after that',
    async (loss, words) => {
      const { follow, access, clock, print } = world();
      const [events, text] = [await follow(), await follow({}, undefined, plainText)];
      access.loss = loss;
      clock.advance(900);
      await Promise.resolve();
      print(line(1));
      expect(events.events).toEqual([{ reason: loss }]);
      expect(text.text).toBe(words);
      expect([events.writableEnded, text.writableEnded, clock.pendingTimers]).toEqual([true, true, 1]);
    },
  );

  it('goes on as long as the key is good', async () => {
    const { follow, clock, print } = world();
    const response = await follow();
    for (let look = 0; look < 5; look += 1) {
      clock.advance(900);
      await Promise.resolve();
    }
    print(line(1));
    expect(response.events).toEqual(['line 1']);
  });

  it('is at the pace of all who follow: what comes faster waits, and clients are served round robin', async () => {
    const { follow, clock, print } = world();
    const [flooded, quiet] = [await follow({ contains: 'x' }), await follow({ contains: 'quiet' })];
    for (let sequence = 1; sequence <= 1000; sequence += 1) print(line(sequence, { text: 'x' }));
    print(line(1001, { text: 'quiet' }));
    expect([flooded.events.length, quiet.events]).toEqual([500, []]);
    clock.advance(50);
    expect([flooded.events.length, quiet.events]).toEqual([750, ['quiet']]);
    clock.advance(50);
    expect(flooded.events).toHaveLength(1000);
  });

  it('sends no lines where the answers of the key leave no room for them to wait', async () => {
    const { follow, print, unsent } = world({}, 6000);
    const response = await follow({ keyId: 'k-1' });
    response.takesNothing = true;
    for (const sequence of [1, 2, 3]) print(line(sequence, { text: 'x'.repeat(2500) }));
    expect(unsent.heldBytes).toBeLessThanOrEqual(3000);
    response.drain();
    expect(response.events).toHaveLength(3);
    expect(response.events[2]).toEqual({ lines: 1 });
    expect(unsent.heldBytes).toBe(0);
  });

  it('is for so many clients at once, and for others when one has left', async () => {
    const { follow } = world({ followers: 1 });
    const response = await follow();
    await expect(follow()).rejects.toMatchObject({ code: 'OVERLOADED' });
    response.leave();
    await follow();
  });
});
