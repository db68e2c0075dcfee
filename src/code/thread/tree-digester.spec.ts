import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { codeThread } from '../../../test/support/threads.js';
import { zipOf } from '../../../test/support/zip.js';
import { UnpackingPlace } from '../../../test/support/archives/unpacking.js';
import { CodeThread } from './code-thread.js';
import { ThreadTreeDigester } from './tree-digester.js';

const never = new AbortController().signal;

describe('digests of trees, made in a thread', () => {
  let place: UnpackingPlace;
  let clock: ManualClock;
  const digesterWith = (thread: CodeThread) => new ThreadTreeDigester(clock, thread);
  const running = (program: string) =>
    digesterWith(new CodeThread(new URL(`data:text/javascript,${encodeURIComponent(program)}`)));

  beforeEach(async () => {
    clock = new ManualClock();
    place = await UnpackingPlace.make();
  });

  afterEach(async () => {
    expect(clock.pendingTimers).toBe(0);
    await place.remove();
  });

  it('are those that unpacking gave, and null where nothing is', async () => {
    const { codeSha256 } = await place.unpack(zipOf({ 'index.js': 'x', 'lib/a.js': 'y' }));
    const digests = digesterWith(codeThread).digest([place.codePath, `${place.path}/nowhere`], never);
    await expect(digests).resolves.toEqual([codeSha256, null]);
  });

  it('end with the server', async () => {
    const stop = new AbortController();
    const digests = running('while (true);').digest([place.path], stop.signal);
    await Promise.resolve();
    stop.abort(new Error('the server stops'));
    await expect(digests).rejects.toThrow('the server stops');
  });

  it('take only so long', async () => {
    const digests = running('while (true);').digest([place.path], never);
    await Promise.resolve();
    clock.advance(600_000);
    await expect(digests).rejects.toThrow('in time');
  });

  it('reject when the thread fails', async () => {
    await expect(running('throw new Error("defect")').digest([place.path], never)).rejects.toThrow('failed');
  });
});
