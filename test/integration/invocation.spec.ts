import { randomUUID } from 'node:crypto';
import { text } from 'node:stream/consumers';
import { Cancellation } from '../../src/common/time/cancellation.js';
import { Clock } from '../../src/common/time/clock.js';
import { parseFunctionName } from '../../src/functions/function-name.js';
import {
  type Invocation,
  type InvocationResult,
  InvocationTrace,
  Payload,
} from '../../src/invocation/invocation.js';
import { InvocationService } from '../../src/invocation/invocation.service.js';
import { startApp, type ListeningApp } from '../support/app.js';
import { handlerZip } from '../support/zip.js';
import { Client } from '../support/client.js';
import { patience } from '../support/server-process.js';

let served: ListeningApp;
let client: Client;

beforeAll(async () => {
  served = await startApp(patience);
  client = new Client(served.url);
}, 300_000);

afterAll(() => served.close(), 300_000);

/** A trigger of a test's own: it knows an event, and nothing of HTTP. */
class EventTrigger {
  readonly streamed: string[] = [];

  constructor(private readonly functionName: string) {}

  send(event: unknown, fields: Partial<Invocation> = {}): Promise<InvocationResult> {
    const invocationId = randomUUID();
    const clock = served.app.get(Clock);
    return served.app.get(InvocationService).invoke({
      trace: new InvocationTrace({ invocationId, traceId: 'trace', traceparent: 'parent' }, clock),
      target: { name: parseFunctionName(this.functionName), qualifier: 'latest' },
      trigger: { kind: 'event', eventId: randomUUID() },
      keyId: undefined,
      payload: new Payload(Buffer.from(JSON.stringify(event)), () => undefined),
      presentation: { kind: 'payload' },
      priority: 'low',
      deadlineMs: undefined,
      cancellation: new Cancellation(),
      sendStreamed: async ({ stream }) => {
        this.streamed.push(await text(stream));
      },
      ...fields,
    });
  }
}

async function triggerOf(name: string, handler: string): Promise<EventTrigger> {
  await client.deploy(name, handlerZip(handler));
  return new EventTrigger(name);
}

describe('a trigger that is not HTTP', () => {
  it('hands its payload to the handler as it is, and gets what that returns as it is', async () => {
    const trigger = await triggerOf('returns', '(event) => ({ event, statusCode: 404 })');
    const result = await trigger.send({ order: 7, headers: 'are nothing special' });
    expect(result).toMatchObject({ head: undefined, stream: undefined });
    const { body } = result as { body: Buffer };
    expect(JSON.parse(body.toString())).toEqual({
      event: { order: 7, headers: 'are nothing special' },
      statusCode: 404,
    });
  });

  it('is handed a streamed value as it comes', async () => {
    const trigger = await triggerOf('streams', '() => (async function* () { yield "a"; yield "b"; })()');
    expect(await trigger.send(null)).toHaveProperty('stream');
    expect(trigger.streamed).toEqual(['ab']);
  });

  it('is told whose fault a failure is', async () => {
    const trigger = await triggerOf('throws', '() => { throw new Error("no") }');
    expect(await trigger.send(null)).toMatchObject({ fault: 'function', error: { code: 'FUNCTION_ERROR' } });
  });

  it('ends a call by its own deadline', async () => {
    const trigger = await triggerOf('waits', '() => new Promise(() => setInterval(() => 0, 1000))');
    const deadlineMs = served.app.get(Clock).monotonicMs() + 500;
    expect(await trigger.send(null, { deadlineMs })).toMatchObject({
      fault: 'caller',
      error: { code: 'DEADLINE_EXCEEDED' },
    });
  });

  it('is refused a version that is not published', async () => {
    const trigger = await triggerOf('versioned', '(event) => event');
    const name = parseFunctionName('versioned');
    expect(await trigger.send(1, { target: { name, qualifier: 1 } })).toMatchObject({
      body: Buffer.from('1'),
    });
    expect(await trigger.send(1, { target: { name, qualifier: 2 } })).toMatchObject({
      fault: 'caller',
      error: { code: 'VERSION_NOT_FOUND' },
    });
  });
});
