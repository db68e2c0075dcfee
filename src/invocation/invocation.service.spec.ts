import { InMemoryFunctionStore } from '../../test/fakes/in-memory-function-store.js';
import { deployedFunction, settingsFor } from '../../test/support/builders/functions.js';
import { nothingLeft, sandboxWorld, until, type SandboxWorld } from '../../test/support/sandbox-world.js';
import type { WorkerScript } from '../../test/support/scripted-worker.js';
import { fairShareSettings } from '../common/budgets/fair-share.settings.js';
import { Cancellation } from '../common/time/cancellation.js';
import type { FunctionName } from '../functions/function-name.js';
import { changeTo } from '../functions/change-feed.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import type { FunctionSettings } from '../functions/function.js';
import { InvocationCounter } from '../functions/invocation-counter.js';
import { AdmissionService } from './admission/admission.service.js';
import { type EndedCall, EndedCalls, type Invocation, InvocationTrace, Payload } from './invocation.js';
import { InvocationService } from './invocation.service.js';
import { invocationSettings } from './invocation.settings.js';

let world: SandboxWorld;
let registry: FunctionRegistry;
let counter: InvocationCounter;
let admission: AdmissionService;
let invocations: InvocationService;
let ended: EndedCall[];

beforeEach(async () => {
  world = await sandboxWorld();
  world.sandboxes.start([]);
  const { clock, log } = world;
  counter = new InvocationCounter(new InMemoryFunctionStore(), clock, log);
  registry = new FunctionRegistry(counter, clock, 10);
  const settings = settingsFor(invocationSettings, { running: 1, queueTimeoutMs: 60_000 });
  admission = new AdmissionService(clock, settings, settingsFor(fairShareSettings));
  const endedCalls = new EndedCalls(log);
  ended = [];
  endedCalls.onEnded((call) => ended.push(call));
  invocations = new InvocationService(registry, admission, world.sandboxes, endedCalls, clock, log);
});

afterEach(async () => {
  expect(admission.counts).toEqual({ running: 0, queued: 0 });
  await counter.flush();
  expect(await world.end()).toEqual(nothingLeft);
});

/** A function whose worker does as scripted; its time limit is the settings'. */
function deployed(script: WorkerScript = {}, settings: Partial<FunctionSettings> = {}) {
  const subject = deployedFunction({ settings });
  world.scripts.set(subject.name, script);
  registry.apply(changeTo(subject));
  return subject;
}

const identity = { invocationId: 'event-1', traceId: 'trace-1', traceparent: 'parent-1' };

/** What a trigger that is not HTTP makes of an event. */
function eventFor(name: FunctionName, fields: Partial<Invocation> = {}): Invocation {
  return {
    trace: new InvocationTrace(identity, world.clock),
    target: { name, qualifier: 'latest' },
    trigger: { kind: 'event', eventId: 'made-it' },
    keyId: undefined,
    payload: new Payload(Buffer.from('{}'), () => undefined),
    presentation: { kind: 'payload' },
    priority: 'normal',
    deadlineMs: undefined,
    cancellation: new Cancellation(),
    sendStreamed: () => Promise.resolve(),
    ...fields,
  };
}

function isAtWork({ trace }: Invocation) {
  return until(() => trace.timings.containerMs !== undefined);
}

describe('an invocation', () => {
  it('is answered with a value, and says what triggered it', async () => {
    const { name } = deployed();
    const result = await invocations.invoke(eventFor(name));
    expect(result).toEqual({ head: undefined, body: Buffer.alloc(0), stream: undefined });
    expect(ended).toMatchObject([{ outcome: 'success', invocation: { trigger: { eventId: 'made-it' } } }]);
    expect(world.log.lines.find(({ message }) => message === 'invocation')?.fields).toMatchObject({
      trigger: 'event',
      eventId: 'made-it',
      outcome: 'success',
    });
  });

  it('is of the version that it names', async () => {
    const { name, version } = deployed();
    const event = eventFor(name, { target: { name, qualifier: version.number } });
    expect(await invocations.invoke(event)).not.toHaveProperty('error');
  });

  it('is refused, at its caller’s fault, where it names a version that is not published', async () => {
    const { name } = deployed();
    const event = eventFor(name, { target: { name, qualifier: 2 } });
    const refused = { fault: 'caller', error: { code: 'VERSION_NOT_FOUND' } };
    expect(await invocations.invoke(event)).toMatchObject(refused);
    expect(() => {
      invocations.requireCallable(event.target);
    }).toThrow(expect.objectContaining({ code: 'VERSION_NOT_FOUND' }) as Error);
    expect(ended).toEqual([]);
  });

  it.each([
    [{ invoke: 'throw' }, 'FUNCTION_ERROR'],
    [{ load: 'error' }, 'FUNCTION_LOAD_ERROR'],
  ] as const)('fails at its function’s fault where its worker does %j', async (script, code) => {
    const { name } = deployed(script);
    expect(await invocations.invoke(eventFor(name))).toMatchObject({ fault: 'function', error: { code } });
    expect(ended).toMatchObject([{ outcome: code }]);
  });
});

describe('the deadline of a trigger', () => {
  it('ends the call where it comes before the function’s own limit', async () => {
    const { name } = deployed({ invoke: 'hang' }, { timeoutSeconds: 3 });
    const event = eventFor(name, { deadlineMs: world.clock.monotonicMs() + 2000 });
    const invoking = invocations.invoke(event);
    await isAtWork(event);
    world.clock.advance(2000);
    expect(await invoking).toMatchObject({ fault: 'caller', error: { code: 'DEADLINE_EXCEEDED' } });
    expect(ended).toMatchObject([{ outcome: 'DEADLINE_EXCEEDED' }]);
  });

  it('leaves the call to the function’s own limit where that comes first', async () => {
    const { name } = deployed({ invoke: 'hang' }, { timeoutSeconds: 3 });
    const event = eventFor(name, { deadlineMs: world.clock.monotonicMs() + 4000 });
    const invoking = invocations.invoke(event);
    await isAtWork(event);
    world.clock.advance(3000);
    expect(await invoking).toMatchObject({ fault: 'function', error: { code: 'FUNCTION_TIMEOUT' } });
  });

  it('counts while the call waits for others', async () => {
    const { name } = deployed({ invoke: 'hang' });
    const first = eventFor(name);
    const running = invocations.invoke(first);
    await isAtWork(first);
    const waiting = invocations.invoke(eventFor(name, { deadlineMs: world.clock.monotonicMs() + 500 }));
    world.clock.advance(500);
    expect(await waiting).toMatchObject({ error: { code: 'DEADLINE_EXCEEDED' } });
    first.cancellation.cancel(new Error('The test is over.'));
    await running;
  });

  it('counts while the call waits for a container', async () => {
    const { name } = deployed();
    const release = world.engine.hangCall(1);
    const waiting = invocations.invoke(eventFor(name, { deadlineMs: world.clock.monotonicMs() + 500 }));
    await until(() => admission.counts.running === 1);
    world.clock.advance(500);
    expect(await waiting).toMatchObject({ error: { code: 'DEADLINE_EXCEEDED' } });
    release();
  });

  it('lets nothing begin once it has passed', async () => {
    const { name } = deployed();
    const late = eventFor(name, { deadlineMs: world.clock.monotonicMs() });
    expect(await invocations.invoke(late)).toMatchObject({ error: { code: 'DEADLINE_EXCEEDED' } });
    expect(world.loadsOf(name)).toBe(0);
  });

  it('leaves nothing behind where the call ends before it', async () => {
    const { name } = deployed({}, { timeoutSeconds: 3 });
    const result = await invocations.invoke(eventFor(name, { deadlineMs: world.clock.monotonicMs() + 2000 }));
    expect(result).not.toHaveProperty('error');
  });
});
