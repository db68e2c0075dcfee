import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { ManualClock } from '../../test/fakes/manual-clock.js';
import { RecordingLog } from '../../test/fakes/recording-log.js';
import { deployedFunction } from '../../test/support/builders/functions.js';
import { endedCall } from '../../test/support/builders/calls.js';
import { parseExposition, valueOf } from '../../test/support/exposition.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { InvocationCounter } from '../functions/invocation-counter.js';
import { EndedCalls } from '../invocation/invocation.js';
import { BoundedFunctions, InvocationMetrics } from './invocation-metrics.js';
import { MetricsRegistry } from './metrics-registry.js';

const [hello, second] = [deployedFunction({ name: 'hello' }), deployedFunction({ name: 'second' })];

function measured() {
  const log = new RecordingLog();
  const clock = new ManualClock();
  const counter = new InvocationCounter(new InMemoryFunctionStore(), clock, log);
  const registry = new FunctionRegistry(counter, clock, 10, [hello, second]);
  const [events, endedCalls, metrics] = [new FunctionEvents(log), new EndedCalls(log), new MetricsRegistry()];
  new InvocationMetrics(metrics, endedCalls, registry, events, { functions: 1 });
  const end = (deployed = hello, fields: Parameters<typeof endedCall>[1] = {}) => {
    endedCalls.publish(endedCall(deployed, fields));
  };
  return { end, events, read: async () => parseExposition(await metrics.text()) };
}

const invocations = 'glambdar_invocations_total';

describe('the metrics of calls', () => {
  it('count each by the class of its status, or by whose fault it was', async () => {
    const { end, read } = measured();
    end();
    end(hello, { statusCode: 204 });
    end(hello, { statusCode: 302 });
    end(hello, { statusCode: 404 });
    end(hello, { statusCode: 599 });
    end(hello, { outcome: 'FUNCTION_ERROR' });
    end(hello, { outcome: 'CONCURRENCY_LIMIT' });
    end(hello, { outcome: 'RUNTIME_UNAVAILABLE' });
    const metrics = await read();
    const counted = ['2xx', '3xx', '4xx', '5xx', 'function', 'caller', 'platform'].map((outcome) =>
      valueOf(metrics, invocations, { function: 'hello', outcome }),
    );
    expect(counted).toEqual([2, 1, 1, 1, 1, 1, 1]);
    const errors = 'glambdar_invocation_errors_total';
    expect(valueOf(metrics, errors, { fault: 'function', code: 'FUNCTION_ERROR' })).toBe(1);
    expect(valueOf(metrics, errors, { fault: 'platform', code: 'RUNTIME_UNAVAILABLE' })).toBe(1);
  });

  it('have every error that is not the caller’s from the start, so that a rate sees the first one', async () => {
    const metrics = await measured().read();
    const labels = { fault: 'function', code: 'FUNCTION_TIMEOUT' };
    expect(valueOf(metrics, 'glambdar_invocation_errors_total', labels)).toBe(0);
  });

  it('put each phase that was reached into its histogram, in seconds', async () => {
    const { end, read } = measured();
    const timings = {
      queueMs: 0.2,
      containerMs: 300,
      origin: 'cold',
      handlerMs: 2000,
      totalMs: 2300.2,
    } as const;
    end(hello, { timings });
    end(hello, { outcome: 'OVERLOADED', timings: { totalMs: 10_000 } });
    const metrics = await read();
    const name = 'glambdar_invocation_container_duration_seconds';
    expect(valueOf(metrics, `${name}_sum`, { origin: 'cold' })).toBe(0.3);
    expect(valueOf(metrics, `${name}_bucket`, { origin: 'cold', le: '0.25' })).toBe(0);
    expect(valueOf(metrics, `${name}_bucket`, { origin: 'cold', le: '0.5' })).toBe(1);
    expect(valueOf(metrics, 'glambdar_invocation_queue_duration_seconds_bucket', { le: '0.00025' })).toBe(1);
    expect(valueOf(metrics, 'glambdar_invocation_handler_duration_seconds_sum')).toBe(2);
    expect(valueOf(metrics, 'glambdar_invocation_handler_duration_seconds_count')).toBe(1);
    const total = 'glambdar_invocation_duration_seconds_count';
    expect(valueOf(metrics, total, { function: 'hello' })).toBe(2);
  });

  it('count the bytes of bodies', async () => {
    const { end, read } = measured();
    end();
    end();
    const metrics = await read();
    expect(valueOf(metrics, 'glambdar_invocation_request_bytes_total')).toBe(4);
    expect(valueOf(metrics, 'glambdar_invocation_response_bytes_total')).toBe(20);
  });

  it('name as many functions as may be named, and give up the series of one that is deleted', async () => {
    const { end, events, read } = measured();
    end(hello);
    end(second);
    const both = await read();
    expect(valueOf(both, invocations, { function: 'hello', outcome: '2xx' })).toBe(1);
    expect(valueOf(both, invocations, { function: '_other', outcome: '2xx' })).toBe(1);
    events.deleted(hello);
    end(second);
    const metrics = await read();
    expect(valueOf(metrics, invocations, { function: 'hello', outcome: '2xx' })).toBeUndefined();
    expect(JSON.stringify(metrics)).not.toContain('hello');
    expect(valueOf(metrics, invocations, { function: 'second', outcome: '2xx' })).toBe(1);
  });
});

const known = new Set(['a', 'b', 'c']);

function counted(max: number) {
  const functions = new BoundedFunctions(
    max,
    (name) => known.has(name),
    () => ({ calls: 0 }),
  );
  const call = (name: string) => (functions.of(name).calls += 1);
  const calls = () => Object.fromEntries([...functions].map(([label, kept]) => [label, kept.calls]));
  return { functions, call, calls };
}

describe('what is kept for each function', () => {
  it('is its own for the first ones called, and one for all others', () => {
    const { call, calls } = counted(2);
    for (const name of ['b', 'a', 'c', 'b']) call(name);
    expect(calls()).toEqual({ _other: 1, b: 2, a: 1 });
  });

  it('loses its series when the function is deleted', () => {
    const { functions, call, calls } = counted(1);
    call('a');
    functions.forget('c');
    functions.forget('a');
    call('b');
    expect(calls()).toEqual({ _other: 0, b: 1 });
  });

  it('is not begun anew by a call that ends after the deletion', () => {
    const { call, calls } = counted(1);
    call('deleted');
    call('a');
    expect(calls()).toEqual({ _other: 1, a: 1 });
  });
});
