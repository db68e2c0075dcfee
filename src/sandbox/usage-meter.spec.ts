import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingSandboxEvents } from '../../test/fakes/recording-sandbox-events.js';
import type { LaunchedContainer } from '../container/launched-container.js';
import { UsageMeter } from './usage-meter.js';

/** Lets the readings that were begun come in. */
const settle = () => new Promise((resolve) => setImmediate(resolve));

function metered() {
  const clock = new ManualClock();
  const events = new RecordingSandboxEvents();
  const accounts = { memoryPeakBytes: 0 as number | null, cpuTimeMs: 0 as number | null, isCrowded: false };
  const container = {
    usage: async () => ({ ...accounts }),
    isCrowded: async () => accounts.isCrowded,
  } as unknown as LaunchedContainer;
  const meter = new UsageMeter(container, clock, events);
  const serve = async (id: string, cpuMs: number) => {
    meter.startCall(id);
    accounts.cpuTimeMs = (accounts.cpuTimeMs ?? 0) + cpuMs;
    void meter.becomeIdle();
    await settle();
  };
  return { clock, events, accounts, meter, serve };
}

describe('UsageMeter', () => {
  it('charges a call what was used since the function was loaded', async () => {
    const { meter, accounts, events } = metered();
    accounts.cpuTimeMs = 80;
    meter.loaded();
    await settle();
    meter.startCall('only');
    Object.assign(accounts, { cpuTimeMs: 92, memoryPeakBytes: 4096 });
    await meter.end();
    expect([...events.usages]).toEqual([['only', { memoryPeakBytes: 4096, cpuTimeMs: 12 }]]);
  });

  it('charges each of several calls its own', async () => {
    const { meter, events, clock, serve } = metered();
    meter.loaded();
    await settle();
    for (const [id, cpuMs] of [
      ['first', 5],
      ['second', 7],
    ] as const) {
      clock.advance(1000);
      await serve(id, cpuMs);
    }
    expect([...events.usages.values()].map(({ cpuTimeMs }) => cpuTimeMs)).toEqual([5, 7]);
  });

  it('does not read for each of calls that follow one another closely, and charges none of them for another', async () => {
    const { meter, events, clock, serve } = metered();
    meter.loaded();
    await settle();
    clock.advance(1000);
    await serve('measured', 1);
    await serve('passed over', 1);
    clock.advance(1000);
    await serve('after it', 1);
    clock.advance(1000);
    await serve('measured again', 3);
    const charged = [...events.usages].map(([id, { cpuTimeMs }]) => [id, cpuTimeMs]);
    expect(charged).toEqual([
      ['measured', 1],
      ['after it', null],
      ['measured again', 3],
    ]);
  });

  it('charges nothing when the next call began before the reading came', async () => {
    const { meter, events, clock } = metered();
    meter.loaded();
    await settle();
    clock.advance(1000);
    meter.startCall('first');
    void meter.becomeIdle();
    meter.startCall('second');
    await settle();
    await meter.end();
    expect([...events.usages.values()].map(({ cpuTimeMs }) => cpuTimeMs)).toEqual([null, null]);
  });

  it('reports nothing for a container whose counters cannot be read', async () => {
    const { meter, accounts, events } = metered();
    meter.startCall('only');
    Object.assign(accounts, { memoryPeakBytes: null, cpuTimeMs: null });
    await meter.end();
    expect(events.usages.size).toBe(0);
  });

  it('says after a call whether its container is full of processes, as often as it reads', async () => {
    const { meter, accounts, clock } = metered();
    meter.loaded();
    await settle();
    accounts.isCrowded = true;
    meter.startCall('at once');
    expect(meter.becomeIdle()).toBeUndefined();
    expect(meter.isCrowded).toBe(false);
    clock.advance(1000);
    await meter.becomeIdle();
    expect(meter.isCrowded).toBe(true);
  });
});
