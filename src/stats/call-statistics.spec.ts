import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { endedCall } from '../../test/support/builders/calls.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { changeTo, deletionOf } from '../functions/change-feed.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { InvocationCounter } from '../functions/invocation-counter.js';
import type { DeployedFunction } from '../functions/function.js';
import { EndedCalls } from '../invocation/invocation.js';
import { CallStatistics } from './call-statistics.js';

const [hello, second, third] = ['hello', 'second', 'third'].map((name) => deployedFunction({ name })) as [
  DeployedFunction,
  DeployedFunction,
  DeployedFunction,
];

function statistics(functions = 2) {
  const [log, clock] = [new RecordingLog(), new ManualClock()];
  const counter = new InvocationCounter(new InMemoryFunctionStore(), clock, log);
  const registry = new FunctionRegistry(counter, clock, 10, [hello, second, third]);
  const [endedCalls, events] = [new EndedCalls(log), new FunctionEvents(log)];
  const calls = new CallStatistics(registry, clock, endedCalls, events, { functions });
  const end = (deployed = hello, fields: Parameters<typeof endedCall>[1] = {}) => {
    endedCalls.publish(endedCall(deployed, fields));
  };
  const totals = (deployed?: DeployedFunction) => {
    const series = deployed ? calls.of(deployed) : calls.server;
    return series?.total(60, clock.wallTime().getTime());
  };
  const forget = (deployed: DeployedFunction) => {
    registry.apply(deletionOf(deployed));
    events.deleted(deployed);
  };
  return { calls, end, totals, forget, registry, log };
}

describe('the statistics of calls', () => {
  it('count each for the server and for its function, by whose fault it failed', () => {
    const { end, totals } = statistics();
    end();
    end(hello, { statusCode: 500 });
    end(hello, { outcome: 'FUNCTION_TIMEOUT' });
    end(second, { outcome: 'CLIENT_CLOSED' });
    end(second, { outcome: 'RUNTIME_UNAVAILABLE' });
    const of = (deployed?: DeployedFunction) =>
      (['calls', 'caller', 'function', 'platform'] as const).map((what) => totals(deployed)?.of(what));
    expect(of()).toEqual([5, 1, 1, 1]);
    expect(of(hello)).toEqual([3, 0, 1, 0]);
    expect(of(second)).toEqual([2, 1, 0, 1]);
    expect(of(third)).toEqual([undefined, undefined, undefined, undefined]);
  });

  it('tell calls that were refused by the limit of their function from those refused by the server’s', () => {
    const { end, totals } = statistics();
    const timings = { totalMs: 3 };
    end(hello, { outcome: 'CONCURRENCY_LIMIT', timings });
    end(hello, { outcome: 'OVERLOADED', timings });
    end(hello, { outcome: 'RATE_LIMITED', timings });
    end(hello, { outcome: 'CLIENT_CLOSED', timings });
    expect([totals()?.of('refused'), totals(hello)?.of('refused')]).toEqual([1, 1]);
    expect(totals()?.durations.some((count) => count > 0)).toBe(false);
  });

  it('give up the function that was called least recently when there are too many', () => {
    const { end, calls, totals } = statistics(2);
    end(hello);
    end(second);
    end(hello);
    end(third);
    expect([hello, second, third].map((one) => calls.of(one) !== undefined)).toEqual([true, false, true]);
    expect(totals(third)?.of('calls')).toBe(1);
    end(second);
    expect([totals(hello), totals(second)?.of('calls')]).toEqual([undefined, 1]);
    expect(totals()?.of('calls')).toBe(5);
  });

  it('keep no function where none may be kept, and still the server', () => {
    const { end, totals } = statistics(0);
    end();
    expect([totals(hello), totals()?.of('calls')]).toEqual([undefined, 1]);
  });

  it('forget a function that is deleted, also when its last call ends later', () => {
    const { end, totals, forget, registry } = statistics();
    end();
    forget(hello);
    end();
    expect(totals(hello)).toBeUndefined();
    const again = deployedFunction({ name: 'hello' });
    registry.apply(changeTo(again));
    end();
    end(again);
    expect([totals(hello), totals(again)?.of('calls'), totals()?.of('calls')]).toEqual([undefined, 1, 4]);
  });

  it('go on with the next revision of a function', () => {
    const { end, totals } = statistics();
    end();
    end({ ...hello, revision: 2 });
    expect(totals(hello)?.of('calls')).toBe(2);
  });

  it('fail at no call', () => {
    const { end, log } = statistics();
    end(hello, { timings: {} });
    end(hello, { timings: { queueMs: 0, totalMs: Number.NaN } });
    end(hello, { timings: { queueMs: 0, totalMs: 1e12 } });
    expect(log.lines).toEqual([]);
  });
});
