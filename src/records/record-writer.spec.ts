import { InMemoryRecordStore } from '../../test/fakes/in-memory-record-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { endedInvocation, invocationRecord, logLine } from '../../test/support/builders/calls.js';
import { settingsFor } from '../../test/support/builders/functions.js';
import { fairShareSettings, type FairShareSettings } from '../common/budgets/fair-share.settings.js';
import { DomainError } from '../common/errors/domain-error.js';
import { RecordWriter } from './record-writer.js';
import { recordsSettings, type RecordsSettings } from './records.settings.js';

const other = { id: 'f-other', name: 'other', version: 1, revision: 1 };

function writerOf(changed: Partial<RecordsSettings & FairShareSettings> = {}) {
  const store = new InMemoryRecordStore();
  const [clock, log] = [new ManualClock(), new RecordingLog()];
  const settings = { ...settingsFor(recordsSettings), ...settingsFor(fairShareSettings), ...changed };
  const writer = new RecordWriter(store, clock, log, settings, settings);
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

  it('is done in batches of a bounded size, between which the store rests as long as it was at work', async () => {
    const { store, clock, writer } = writerOf();
    const written = store.write.bind(store);
    store.write = async (batch) => {
      await written(batch);
      clock.advance(30);
    };
    for (let sequence = 1; sequence <= 2500; sequence += 1) writer.line(logLine(sequence));
    const sizes = () => store.batches.map(({ lines }) => lines.length);
    clock.advance(100);
    await writer.flushRecords();
    expect(sizes()).toEqual([1000]);
    clock.advance(29);
    await writer.flushRecords();
    expect(sizes()).toEqual([1000]);
    clock.advance(1);
    await writer.flushRecords();
    expect(sizes()).toEqual([1000, 1000]);
    await writer.flush();
    expect(sizes()).toEqual([1000, 1000, 500]);
  });

  it('gathers for a tenth of a second what came while a batch was written, too', async () => {
    const { store, clock, writer } = writerOf();
    const written = store.write.bind(store);
    store.write = async (batch) => {
      await written(batch);
      if (store.batches.length === 1) writer.line(logLine(2));
      clock.advance(5);
    };
    writer.line(logLine(1));
    clock.advance(100);
    await writer.flushRecords();
    clock.advance(99);
    await writer.flushRecords();
    expect(store.batches).toHaveLength(1);
    clock.advance(1);
    await writer.flushRecords();
    expect(store.batches.map(({ lines }) => lines.length)).toEqual([1, 1]);
    expect(clock.pendingTimers).toBe(0);
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
    const { store, log, clock, writer } = writerOf({ queueBytes: 4000, functionPercent: 100 });
    expect(writer.hasDroppedWithin(1000)).toBe(false);
    const held = Promise.withResolvers<undefined>();
    store.held = held.promise;
    writer.line(logLine(1));
    const flushed = writer.flush();
    for (let sequence = 2; sequence < 20; sequence += 1) writer.line(logLine(sequence));
    held.resolve(undefined);
    await flushed;
    await writer.flush();
    expect(store.batches.map(({ lines }) => lines.length)).toEqual([1, 12]);
    expect(writer.dropped).toBe(7);
    expect(writer.hasDroppedWithin(1000)).toBe(true);
    clock.advance(1000);
    expect(writer.hasDroppedWithin(1000)).toBe(false);
    await writer.flush();
    expect(log.messagesAt('warn')).toHaveLength(1);
  });

  it('says in the function’s log what was dropped of it, where it is missing', async () => {
    const { store, writer } = writerOf({ queueBytes: 4000, functionPercent: 100 });
    for (let sequence = 1; sequence < 20; sequence += 1) writer.line(logLine(sequence));
    await writer.flush();
    writer.line(logLine(20));
    await writer.flush();
    const { lines } = await store.lines({ functionId: 'f-hello', limit: 100 });
    expect(lines.slice(-3)).toMatchObject([
      { sequence: 11, stream: 'stdout' },
      { sequence: 19, stream: 'runtime', level: 'warn', text: expect.stringMatching(/^8 lines/) as string },
      { sequence: 20, stream: 'stdout' },
    ]);
  });

  it('loses nothing of a function because another floods', async () => {
    const { store, writer } = writerOf({ queueBytes: 65_536 });
    for (let sequence = 1; sequence <= 10_000; sequence += 1) writer.line(logLine(sequence, { text: '' }));
    writer.invocation(endedInvocation('i-flood'));
    for (let sequence = 10_001; sequence <= 10_050; sequence += 1) {
      writer.line(logLine(sequence, { function: other }));
      writer.invocation(endedInvocation(`i-${sequence}`, { function: other }));
    }
    await writer.flush();
    const { lines } = await store.lines({ functionId: 'f-other', limit: 100 });
    expect(lines).toHaveLength(50);
    await expect(store.invocations({ functionIds: ['f-hello'], limit: 100 })).resolves.toHaveLength(1);
  });

  it('loses no record of a function because another’s fail with long stacks', async () => {
    const { store, writer } = writerOf({ queueBytes: 262_144 });
    const failure = {
      code: 'FUNCTION_ERROR',
      message: '',
      errorType: null,
      errorMessage: null,
      stack: 's'.repeat(16_384),
    };
    for (let call = 0; call < 1000; call += 1) writer.invocation(endedInvocation(`f-${call}`, { failure }));
    writer.invocation(endedInvocation('quiet', { function: other }));
    await writer.flush();
    await expect(store.invocation('quiet')).resolves.toBeDefined();
  });

  it('has records and the lines of one function written without all of another’s', async () => {
    const { store, writer } = writerOf();
    for (let sequence = 1; sequence <= 5000; sequence += 1) writer.line(logLine(sequence));
    writer.line(logLine(5001, { function: other }));
    writer.invocation(endedInvocation('i-1'));
    await writer.flushLines('f-other');
    expect(store.batches).toHaveLength(1);
    const { lines } = await store.lines({ functionId: 'f-other', limit: 9 });
    expect(lines).toHaveLength(1);
    await expect(store.invocation('i-1')).resolves.toBeDefined();
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
