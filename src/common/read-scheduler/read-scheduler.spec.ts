import { ManualClock } from '../../../test/fakes/manual-clock.js';
import { until } from '../../../test/support/eventually.js';
import { ReadScheduler } from './read-scheduler.js';
import { ScheduledReader } from './scheduled-reader.js';

/** A stream of so many pieces of work, each of which takes as long as it says. */
class Source {
  isPaused = false;
  /** Pieces done. */
  done = 0;
  readonly reading: ScheduledReader;

  constructor(
    private left: number,
    pieceMs: number,
    turns: ReadScheduler,
    clock: ManualClock,
  ) {
    const step = () => {
      if (this.left === 0) return false;
      this.left -= 1;
      this.done += 1;
      clock.advance(pieceMs);
      return true;
    };
    this.reading = new ScheduledReader(this, step, turns, clock);
  }

  pause(): void {
    this.isPaused = true;
  }

  resume(): void {
    this.isPaused = false;
  }
}

let clock: ManualClock;
let turns: ReadScheduler;
beforeEach(() => {
  clock = new ManualClock();
  turns = new ReadScheduler(clock);
});
afterEach(() => {
  expect(turns.count).toBe(0);
  expect(clock.pendingTimers).toBe(0);
});

const sourceOf = (pieces: number, pieceMs: number) => new Source(pieces, pieceMs, turns, clock);

/** Millisecond by millisecond, with a turn of the event loop for each. */
async function timePasses(untilThen: () => boolean): Promise<void> {
  await until(() => {
    clock.advance(1);
    return untilThen();
  });
}

/** What a stream uses until all that was saved is gone. */
async function spendAllSaved(): Promise<void> {
  const greedy = sourceOf(100_000, 0.5);
  greedy.reading.arrived();
  await until(() => clock.pendingTimers > 0);
  greedy.reading.close();
}

describe('a stream that a container fills', () => {
  it('is read at once as long as it has little to say', () => {
    const source = sourceOf(5, 0.1);
    source.reading.arrived();
    expect(source).toMatchObject({ done: 5, isPaused: false });
  });

  it('is held back when its slice is over, however much of what has arrived is left', async () => {
    const source = sourceOf(100, 0.25);
    source.reading.arrived();
    expect(source).toMatchObject({ done: 4, isPaused: true });
    await until(() => !source.isPaused);
    expect(source.done).toBe(100);
  });

  it('is held back as well by what arrives in crumbs', async () => {
    const source = sourceOf(0, 0);
    for (let count = 0; count < 49; count += 1) source.reading.arrived();
    expect(source.isPaused).toBe(false);
    source.reading.arrived();
    source.reading.arrived();
    expect(source.isPaused).toBe(true);
    await until(() => !source.isPaused);
  });

  it('has a whole slice for each call', () => {
    const source = sourceOf(9, 0.1);
    source.reading.arrived();
    source.reading.reset();
    expect(source.reading.servedMs).toBe(0);
    for (let count = 0; count < 40; count += 1) source.reading.arrived();
    expect(source.isPaused).toBe(false);
  });

  it('has ended once all that had arrived is read', async () => {
    const source = sourceOf(100, 0.25);
    const doneAtEnd: number[] = [];
    source.reading.arrived();
    source.reading.ends(() => doneAtEnd.push(source.done));
    expect(doneAtEnd).toEqual([]);
    await until(() => doneAtEnd.length > 0);
    expect(doneAtEnd).toEqual([100]);
    await until(() => !source.isPaused);
  });

  it('has ended at once where nothing is left, and says nothing more once it is closed', () => {
    let heard = 0;
    const source = sourceOf(0, 0);
    source.reading.ends(() => (heard += 1));
    expect(heard).toBe(1);
    source.reading.close();
    source.reading.ends(() => (heard += 1));
    expect(heard).toBe(1);
  });

  it('is charged no more than a little for one step, since the machine may have been busy', async () => {
    const source = sourceOf(1, 10_000);
    source.reading.arrived();
    expect(source.reading.servedMs).toBeLessThan(10);
    await until(() => !source.isPaused);
  });
});

describe('streams that have much to say', () => {
  it('have together a quarter of the time, once what was saved is gone', async () => {
    await spendAllSaved();
    const source = sourceOf(100_000, 0.5);
    source.reading.arrived();
    const before = source.done;
    const beganMs = clock.monotonicMs();
    await timePasses(() => clock.monotonicMs() - beganMs >= 4000);
    const usedMs = (source.done - before) * 0.5;
    expect(usedMs).toBeGreaterThan(850);
    expect(usedMs).toBeLessThan(1050);
    source.reading.close();
  });

  it('have a slice or two, and nothing of what was saved, when their turn comes late', async () => {
    const source = sourceOf(100_000, 0.5);
    source.reading.arrived();
    const before = source.done;
    // Somebody else has had the machine meanwhile.
    clock.advance(20);
    await until(() => clock.pendingTimers > 0);
    expect(source.done - before).toBeLessThan(5);
    source.reading.close();
  });

  it('have what was saved while nobody had much to say', async () => {
    await spendAllSaved();
    clock.advance(60_000);
    const source = sourceOf(800, 0.5);
    source.reading.arrived();
    // Not one timer: each turn comes at once.
    await until(() => !source.isPaused);
    expect(source.done).toBe(800);
  });

  it('get it by turns, whoever has had least first', async () => {
    await spendAllSaved();
    const long = sourceOf(100_000, 0.1);
    long.reading.arrived();
    const beganMs = clock.monotonicMs();
    await timePasses(() => clock.monotonicMs() - beganMs >= 1000);
    const short = sourceOf(50, 0.1);
    short.reading.arrived();
    const longHad = long.done;
    await timePasses(() => !short.isPaused);
    expect(short.done).toBe(50);
    expect(long.done).toBe(longHad);
    long.reading.close();
  });
});
