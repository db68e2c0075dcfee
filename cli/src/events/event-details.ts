import type { EventResponse } from '@glambdar/client';
import { bytes, milliseconds, moment } from '../terminal/quantities.js';
import { safeLine, safeLines } from '../terminal/safe-text.js';
import type { StyleName } from '../terminal/style.js';
import { fields, table } from '../terminal/table.js';
import type { View } from '../terminal/view.js';

const styles: Readonly<Record<EventResponse['state'], StyleName | undefined>> = {
  queued: undefined,
  running: 'bold',
  failed: 'yellow',
  succeeded: 'green',
  dead: 'red',
};

export function stateStyle({ state }: Pick<EventResponse, 'state'>): StyleName | undefined {
  return styles[state];
}

/** One event: what it is, then a line for each attempt, then the answer. */
export function eventDetails(event: EventResponse): View {
  const facts = fields(factsOf(event));
  const attempts = table(
    event.attempts,
    [
      { head: 'attempt', value: ({ number }) => number },
      { head: 'started', value: ({ startedAt }) => moment(startedAt) },
      { head: 'took', value: ({ startedAt, endedAt }) => lasted(startedAt, endedAt) },
      {
        head: 'outcome',
        value: ({ outcome }) => outcome,
        style: ({ outcome }) => (outcome === 'success' ? 'green' : outcome === null ? 'bold' : 'red'),
      },
      { head: 'call', value: ({ invocationId }) => invocationId },
      { head: 'why', value: ({ code, message }) => message ?? code },
    ],
    'Nothing has been tried yet.',
  );
  const body = event.result?.body;
  return {
    onTerminal: (screen) =>
      [
        facts.onTerminal(screen),
        `\n${attempts.onTerminal(screen)}`,
        ...(typeof body !== 'string' || event.result?.isBase64Encoded === true || body === ''
          ? []
          : [`\n${safeLines(body)}\n`]),
        ...(event.attempts.length === 0
          ? []
          : [`\n${screen.style('dim', `Their log: ${safeLine(logCommand(event))}`)}\n`]),
      ].join(''),
    inPipe: () => facts.inPipe() + attempts.inPipe(),
  };
}

function factsOf(event: EventResponse): Parameters<typeof fields>[0] {
  const { request, result, followUp } = event;
  return [
    ['id', event.id, 'bold'],
    ['function', event.function],
    ['state', event.state, stateStyle(event) ?? 'bold'],
    ['from', event.source.kind],
    ['request', `${request.method} ${request.path}, ${bytes(request.bytes) ?? ''}`],
    ['accepted', moment(event.acceptedAt)],
    ...(event.nextAttemptAt === null
      ? []
      : [['next attempt', new Date(event.nextAttemptAt).toISOString()] as const]),
    ...(event.endedAt === null ? [] : [['ended', moment(event.endedAt)] as const]),
    ...(event.orderingKey === null ? [] : [['ordering key', event.orderingKey] as const]),
    ...(result == null ? [] : [['status', result.status] as const, ['answer', bytes(result.bytes)] as const]),
    ...(followUp === null
      ? []
      : [['then', followUp.refusal ?? `${followUp.function} ${followUp.eventId ?? ''}`] as const]),
  ];
}

function lasted(startedAt: string, endedAt: string | null): string | null {
  return endedAt === null ? null : milliseconds(Date.parse(endedAt) - Date.parse(startedAt));
}

function logCommand({ function: name, attempts }: EventResponse): string {
  return `glambdar logs ${name} --invocation ${attempts.at(-1)?.invocationId ?? ''}`;
}
