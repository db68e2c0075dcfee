import { integer, settingsGroup, type SettingsOf } from '../settings/settings.js';

/** How much of what all share one function, one key, or all events may take: the rest is there for the others, always. */
export const fairShareSettings = settingsGroup('shares', {
  functionPercent: integer({
    variable: 'GLAMBDAR_FUNCTION_SHARE_PERCENT',
    meaning:
      'Most that one function may take of what all functions share, in percent: running calls and their memory, waiting calls, containers being created, outbound connections, bytes of waiting and of kept events, and lines and records waiting to be written.',
    defaultValue: 50,
    min: 1,
    max: 100,
  }),
  keyPercent: integer({
    variable: 'GLAMBDAR_KEY_SHARE_PERCENT',
    meaning:
      'Most that the callers with one key may take of what all keys share, in percent: calls and their memory, request bodies, deployments, reads of lines and records, followed logs and unsent answers; of the events that wait for a function, all callers without a key together. Without keys there is only one caller, who may take everything.',
    defaultValue: 50,
    min: 1,
    max: 100,
  }),
  backgroundPercent: integer({
    variable: 'GLAMBDAR_EVENTS_PERCENT',
    meaning:
      "Most that events may take of each limit of calls, in percent: of the server's running calls and their memory, of those of one function, of those with one key, and of the cores on which containers are created. Callers who wait always go first.",
    defaultValue: 50,
    min: 1,
    max: 100,
  }),
});

export type FairShareSettings = SettingsOf<typeof fairShareSettings>;

/** The part of `total` that is `percent` of it, and never nothing: a limit of one serves one after the other. */
export function shareOf(total: number, percent: number): number {
  return Math.min(total, Math.max(1, Math.ceil((total * percent) / 100)));
}
