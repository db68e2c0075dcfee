import { InMemoryRecordStore } from '../../test/fakes/in-memory-record-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { endedInvocation, invocationRecord, logLine } from '../../test/support/builders/records.js';
import { settingsFor } from '../../test/support/builders/settings.js';
import { DomainError } from '../common/errors/domain-error.js';
import { RecordWriter } from './record-writer.js';
import { recordsSettings, type RecordsSettings } from './records.settings.js';

function writerOf(changed: Partial<RecordsSettings> = {}) {
  const store = new InMemoryRecordStore();
  const [clock, log] = [new ManualClock(), new RecordingLog()];
  const writer = new RecordWriter(store, clock, log, settingsFor(recordsSettings, changed));
  return { store, clock, log, writer };
}

const usage = { memoryPeakBytes: 4096, cpuTimeMs: 2 };
const full = new DomainError('INSUFFICIENT_STORAGE', 'full');

describe('writing records', () => {
  it('happens for all that came within a tenth of a second at once', async () => {
    const { store, clock, writer } = writerOf();
    writer.line(logLine(1));
    writer.invocation(endedInvocation('i-1'));
    clock.advance(99);
    writer.line(logLine(2));
    expect(store.batches).toEqual([]);
    clock.advance(1);
    await writer.flush();
    expect(store.batches).toEqual([
      { lines: [logLine(1), logLine(2)], invocations: [invocationRecord('i-1')], usages: [] },
    ]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('does not wait when there is much', async () => {
    const { store, writer } = writerOf();
    for (let sequence = 1; sequence <= 1000; sequence += 1) writer.line(logLine(sequence));
    expect(store.batches).toHaveLength(0);
    await writer.flush();
    expect(store.batches.map(({ lines }) => lines.length)).toEqual([1000]);
  });

  it('joins what a call used to its record, whether that waits or is written', async () => {
    const { store, writer } = writerOf();
    writer.invocation(endedInvocation('i-1'));
    writer.usage('i-1', usage);
    await writer.flush();
    writer.invocation(endedInvocation('i-2'));
    await writer.flush();
    writer.usage('i-2', usage);
    await writer.flush();
    await expect(store.invocations({ limit: 9 })).resolves.toMatchObject([{ usage }, { usage }]);
  });

  it('writes one batch at a time, and drops what the queue has no room for meanwhile', async () => {
    const { store, log, writer } = writerOf({ queueBytes: 3000 });
    const held = Promise.withResolvers<undefined>();
    store.held = held.promise;
    writer.line(logLine(1));
    const flushed = writer.flush();
    for (let sequence = 2; sequence < 20; sequence += 1) writer.line(logLine(sequence));
    held.resolve(undefined);
    await flushed;
    await writer.flush();
    expect(store.batches.map(({ lines }) => lines.length)).toEqual([1, 11]);
    expect(writer.dropped).toBe(7);
    await writer.flush();
    expect(log.messagesAt('warn')).toHaveLength(1);
  });

  it('drops what the store refuses, says it once, and once more when it is over', async () => {
    const { store, log, writer } = writerOf();
    store.refusal = full;
    for (const sequence of [1, 2]) {
      writer.line(logLine(sequence));
      await expect(writer.flush()).resolves.toBe(false);
    }
    store.refusal = undefined;
    writer.line(logLine(3));
    await expect(writer.flush()).resolves.toBe(true);
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { err: full } },
      { level: 'info', fields: { dropped: 2 } },
    ]);
    await expect(store.newestSequence()).resolves.toBe(3);
  });

  it('leaves out what waits of a function that is deleted', async () => {
    const { store, writer } = writerOf();
    writer.line(logLine(1));
    writer.invocation(endedInvocation('i-1'));
    writer.forget('f-hello');
    await writer.flush();
    expect(store.batches).toEqual([]);
  });
});
