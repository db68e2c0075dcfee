import type { InvocationResponse } from '@glambdar/client';
import { bytes, milliseconds, moment } from '../terminal/quantities.js';
import { safeLine, safeLines } from '../terminal/safe-text.js';
import { fields } from '../terminal/table.js';
import type { View } from '../terminal/view.js';

/** One call: what happened to it, and below, why it failed and where to look. */
export function invocationDetails(call: InvocationResponse): View {
  const { phases, failure, trigger } = call;
  const facts = fields([
    ['id', call.id, 'bold'],
    ['function', call.function],
    ['version', call.version],
    ['started', moment(call.startedAt)],
    ['made by', madeBy(call)],
    ['outcome', call.outcome, call.outcome === 'success' ? 'green' : 'red'],
    ['status', call.statusCode],
    ['waited', milliseconds(phases.queueMs)],
    ['container', [milliseconds(phases.containerMs), call.origin].filter((part) => part !== null).join(', ')],
    ['handler', milliseconds(phases.handlerMs)],
    ['total', milliseconds(phases.totalMs)],
    ['request', bytes(call.requestBytes)],
    ['answer', bytes(call.responseBytes)],
    ['peak memory', bytes(call.memoryPeakBytes)],
    ['cpu', milliseconds(call.cpuTimeMs)],
    ...(failure === null ? [] : [['code', failure.code] as const, ['why', failure.message] as const]),
  ]);
  const commands = [
    `Its log: glambdar logs ${call.function} --invocation ${call.id}`,
    ...(trigger.eventId === undefined ? [] : [`Its event: glambdar events show ${trigger.eventId}`]),
  ];
  return {
    onTerminal: (screen) =>
      [
        facts.onTerminal(screen),
        ...(failure?.stack == null ? [] : [`\n${screen.style('red', safeLines(failure.stack))}\n`]),
        '\n',
        ...commands.map((command) => `${screen.style('dim', safeLine(command))}\n`),
      ].join(''),
    inPipe: () => facts.inPipe(),
  };
}

/** What made a call, in a few words. */
function madeBy({ trigger }: InvocationResponse): string {
  const { kind, eventId, schedule } = trigger;
  if (eventId === undefined) return 'a request';
  return kind === 'schedule' ? `schedule ${schedule ?? ''}, event ${eventId}` : `event ${eventId}`;
}
