import { existsSync } from 'node:fs';
import { setImmediate as turn } from 'node:timers/promises';
import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { codeThread } from '../../../test/support/threads.js';
import { zipOf } from '../../../test/support/zip.js';
import { defaultArchiveSettings, UnpackingPlace } from '../../../test/support/archives/unpacking.js';
import { settingsFor } from '../../../test/support/builders/functions.js';
import { fairShareSettings } from '../../common/budgets/fair-share.settings.js';
import { CodeThread } from './code-thread.js';
import { ThreadUnpacker } from './unpacker.js';

const never = new AbortController().signal;

/** A thread that behaves as `program` says, instead of unpacking. */
function threadRunning(program: string): CodeThread {
  return new CodeThread(new URL(`data:text/javascript,${encodeURIComponent(program)}`));
}

describe('unpacking in a thread', () => {
  let place: UnpackingPlace;
  let clock: ManualClock;

  const unpackerWith = (thread: CodeThread, settings: Partial<typeof defaultArchiveSettings> = {}) =>
    new ThreadUnpacker(
      { ...defaultArchiveSettings, ...settings },
      settingsFor(fairShareSettings),
      clock,
      thread,
    );

  beforeEach(async () => {
    clock = new ManualClock();
    place = await UnpackingPlace.make();
  });

  afterEach(async () => {
    expect(clock.pendingTimers).toBe(0);
    await place.remove();
  });

  it('unpacks', async () => {
    const request = await place.requestFor(zipOf({ 'index.js': 'x', 'lib/a.js': 'y' }));
    const unpacked = unpackerWith(codeThread).unpack(request, never, undefined);
    await expect(unpacked).resolves.toMatchObject({ fileCount: 2, codeBytes: 2 });
    expect(existsSync(`${place.codePath}/lib/a.js`)).toBe(true);
  });

  it('passes on why the validator refused', async () => {
    const request = await place.requestFor(zipOf({ '../x': 'x' }));
    const refusal = unpackerWith(codeThread).unpack(request, never, undefined);
    await expect(refusal).rejects.toMatchObject({
      code: 'INVALID_ARCHIVE',
      details: { reason: 'unsafe_path' },
    });
  });

  it('passes on that storage failed, with the cause for the log only', async () => {
    const request = {
      ...(await place.requestFor(zipOf({ 'index.js': 'x' }))),
      archivePath: '/nowhere/upload.zip',
    };
    const failure = unpackerWith(codeThread).unpack(request, never, undefined);
    await expect(failure).rejects.toMatchObject({
      code: 'STORAGE_UNAVAILABLE',
      message: expect.not.stringContaining('nowhere') as unknown,
      cause: expect.stringContaining('nowhere') as unknown,
    });
  });

  it('ends a thread that takes too long', async () => {
    const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
    const refusal = unpackerWith(threadRunning('while (true);')).unpack(request, never, undefined);
    await turn();
    clock.advance(defaultArchiveSettings.unpackTimeoutMs);
    await expect(refusal).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
      details: { reason: 'unpack_timeout' },
    });
  });

  it('ends the thread of an upload that was given up', async () => {
    const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
    const stop = new AbortController();
    const refusal = unpackerWith(threadRunning('while (true);')).unpack(request, stop.signal, undefined);
    await turn();
    stop.abort(new Error('given up'));
    await expect(refusal).rejects.toThrow('given up');
  });

  it('survives a thread that runs out of memory', async () => {
    const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
    const hungry = threadRunning('const all = []; while (true) all.push({ index: all.length });');
    const refusal = unpackerWith(hungry, { unpackHeapMiB: 32 }).unpack(request, never, undefined);
    await expect(refusal).rejects.toMatchObject({
      code: 'ARCHIVE_TOO_LARGE',
      details: { reason: 'unpack_out_of_memory' },
    });
  });

  it.each([
    ['throws', 'throw new Error("defect")'],
    ['ends without a word', ''],
    [
      'reports a defect',
      'import { parentPort } from "node:worker_threads"; parentPort.postMessage({ outcome: "failed", cause: "defect" });',
    ],
  ])('reports our own error when the thread %s', async (_, program) => {
    const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
    await expect(
      unpackerWith(threadRunning(program)).unpack(request, never, undefined),
    ).rejects.toMatchObject({
      code: 'INTERNAL',
    });
  });

  it('gives the thread nothing of the environment', async () => {
    const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
    const program = `
      import { parentPort } from 'node:worker_threads';
      const result = { sha256: Object.keys(process.env).join(), codeBytes: 0, fileCount: 0 };
      parentPort.postMessage({ outcome: 'done', result });`;
    await expect(
      unpackerWith(threadRunning(program)).unpack(request, never, undefined),
    ).resolves.toMatchObject({
      sha256: '',
    });
  });

  it('runs only so many threads at once', async () => {
    const request = await place.requestFor(zipOf({ 'index.js': 'x' }));
    const unpacker = unpackerWith(threadRunning('while (true);'), {
      parallelUnpackings: 1,
      unpackQueueLength: 0,
    });
    const first = unpacker.unpack(request, never, undefined);
    await expect(unpacker.unpack(request, never, undefined)).rejects.toMatchObject({ code: 'OVERLOADED' });
    clock.advance(defaultArchiveSettings.unpackTimeoutMs);
    await expect(first).rejects.toMatchObject({ code: 'ARCHIVE_TOO_LARGE' });
  });
});
