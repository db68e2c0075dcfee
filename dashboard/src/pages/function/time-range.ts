/** A stretch of time to look at; without an end it goes on to now. */
export interface TimeRange {
  readonly since?: string;
  readonly until?: string;
}

export type RangeChoice = 'any' | '15m' | '1h' | '6h' | '24h' | '7d' | 'custom';

export const rangeChoices: readonly { readonly id: RangeChoice; readonly title: string }[] = [
  { id: 'any', title: 'Any time' },
  { id: '15m', title: 'Last 15 minutes' },
  { id: '1h', title: 'Last hour' },
  { id: '6h', title: 'Last 6 hours' },
  { id: '24h', title: 'Last 24 hours' },
  { id: '7d', title: 'Last 7 days' },
  { id: 'custom', title: 'From … to …' },
];

/** What a person chose: one of the choices, and for `custom` the values of two `datetime-local` fields. */
export interface ChosenRange {
  readonly choice: RangeChoice;
  readonly from: string;
  readonly to: string;
}

export const anyTime: ChosenRange = { choice: 'any', from: '', to: '' };

/** As the API takes it: how long ago, or moments in UTC. An error where the end is not after the beginning. */
export function timeRangeOf({ choice, from, to }: ChosenRange): { range: TimeRange } | { error: string } {
  if (choice === 'any') return { range: {} };
  if (choice !== 'custom') return { range: { since: choice } };
  const since = momentOf(from);
  const until = momentOf(to);
  if (since !== undefined && until !== undefined && until <= since) {
    return { error: 'The end must be after the beginning.' };
  }
  return { range: { ...(since !== undefined && { since }), ...(until !== undefined && { until }) } };
}

/** A `datetime-local` value, which is in the reader's own time zone, in UTC. */
function momentOf(local: string): string | undefined {
  const moment = new Date(local);
  return local === '' || Number.isNaN(moment.getTime()) ? undefined : moment.toISOString();
}
