import { InMemoryRecordStore } from '../../test/fakes/in-memory-record-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { RecordingSandboxEvents } from '../../test/fakes/recording-sandbox-events.js';
import { deployedFunction, settingsFor } from '../../test/support/builders/functions.js';
import { endedCall, invocationRecord, logLine, recordBatch } from '../../test/support/builders/calls.js';
import { owner } from '../common/auth/caller.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { FunctionEvents } from '../functions/function-events.js';
import type { FunctionRegistry } from '../functions/function-registry.js';
import { EndedCalls } from '../invocation/invocation.js';
import { LogFeed } from './logs/log-feed.js';
import { RecordKeeper } from './record-keeper.js';
import { ReadQueue } from './read-queue.js';
import { RecordReader } from './record-reader.js';
import { RecordWriter } from './record-writer.js';
import { recordsSettings } from './records.settings.js';

const hello = deployedFunction({ name: 'hello' });
const ofHello = { id: hello.id, name: 'hello', version: 1, revision: 1 };

function keeperOf(store = new InMemoryRecordStore()) {
  const settings = settingsFor(recordsSettings);
  const [clock, log, sandboxEvents] = [new ManualClock(), new RecordingLog(), new RecordingSandboxEvents()];
  const [endedCalls, functionEvents] = [new EndedCalls(log), new FunctionEvents(log)];
  const writer = new RecordWriter(store, clock, log, settings, settingsFor(fairShareSettings));
  const feed = new LogFeed(settings, settingsFor(fairShareSettings));
  const functions = { list: () => [hello] } as unknown as FunctionRegistry;
  const keeper = new RecordKeeper(
    writer,
    store,
    feed,
    sandboxEvents,
    endedCalls,
    functionEvents,
    functions,
    clock,
    log,
  );
  keeper.start();
  const queue = new ReadQueue(clock, settings, settingsFor(fairShareSettings));
  const reader = new RecordReader(store, writer, queue);
  const print = (text: string) => {
    sandboxEvents.printed(logLine(0, { function: ofHello, text, atMs: clock.wallTime().getTime() }));
  };
  const lines = async () => (await reader.lines({ functionId: hello.id, limit: 100 }, owner)).lines;
  return { store, clock, log, sandboxEvents, endedCalls, functionEvents, feed, keeper, reader, print, lines };
}

describe('recording what the modules below report', () => {
  it('says of a call that was cut short how, as a line of the call that is the server’s own', async () => {
    const { endedCalls, lines } = keeperOf();
    endedCalls.publish(endedCall(hello, { outcome: 'FUNCTION_TIMEOUT' }));
    endedCalls.publish(endedCall(hello));
    await expect(lines()).resolves.toMatchObject([
      {
        function: ofHello,
        invocationId: endedCall(hello).invocation.trace.identity.invocationId,
        stream: 'runtime',
        level: 'error',
        phase: 'call',
        text: expect.stringContaining('timeoutSeconds') as string,
      },
    ]);
  });

  it('keeps each line, under a number that only grows, and hands it to who follows', async () => {
    const { feed, print, lines, clock } = keeperOf();
    const followed: number[] = [];
    feed.subscribe(hello.id, undefined, {
      line: ({ sequence }) => followed.push(sequence),
      end: () => undefined,
    });
    print('one');
    print('two');
    clock.advance(1);
    print('three');
    const kept = await lines();
    const startUs = (clock.wallTime().getTime() - 1) * 1000;
    expect(kept.map(({ sequence }) => sequence - startUs)).toEqual([0, 1, 1000]);
    expect(followed).toEqual(kept.map(({ sequence }) => sequence));
  });

  it('keeps how a call ended and what it used', async () => {
    const { endedCalls, sandboxEvents, reader } = keeperOf();
    const ended = endedCall(hello);
    const { invocationId } = ended.invocation.trace.identity;
    endedCalls.publish(ended);
    sandboxEvents.used(invocationId, { memoryPeakBytes: 4096, cpuTimeMs: 2 });
    await expect(reader.invocation(invocationId, owner)).resolves.toMatchObject({
      function: { id: hello.id, revision: hello.revision },
      usage: { memoryPeakBytes: 4096, cpuTimeMs: 2 },
    });
  });

  it('forgets a deleted function, also what its last calls still report', async () => {
    const { endedCalls, functionEvents, reader, print, lines } = keeperOf();
    print('before');
    await lines();
    print('waiting to be written');
    functionEvents.deleted(hello);
    print('after');
    endedCalls.publish(endedCall(hello));
    await expect(lines()).resolves.toEqual([]);
    await expect(reader.invocations({ limit: 9 }, owner)).resolves.toEqual([]);
  });

  it('begins after the last number of an earlier run, and without functions that are gone', async () => {
    const store = new InMemoryRecordStore();
    const future = Date.UTC(2030, 0, 1) * 1000;
    const gone = invocationRecord('gone');
    await store.write(recordBatch({ lines: [logLine(future, { function: ofHello })], invocations: [gone] }));
    const { print, lines, reader } = keeperOf(store);
    await expect(reader.invocations({ limit: 9 }, owner)).resolves.toEqual([]);
    print('now');
    await expect(lines()).resolves.toMatchObject([
      { sequence: future },
      { sequence: future + 1, text: 'now' },
    ]);
  });

  it('writes what waits when the server stops', async () => {
    const { keeper, print, store } = keeperOf();
    print('last words');
    await keeper.stop();
    expect(store.batches).toHaveLength(1);
  });
});
