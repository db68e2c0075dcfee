import { integer, settingsGroup, type SettingsOf } from '../common/settings/settings.js';

export const eventsSettings = settingsGroup('events', {
  requestBytes: integer({
    variable: 'GLAMBDAR_EVENT_BYTES',
    meaning: 'Largest request body of an event, in bytes; never more than that of a call.',
    defaultValue: 1024 * 1024,
    min: 1024,
    max: 100 * 1024 * 1024,
  }),
  queuedBytes: integer({
    variable: 'GLAMBDAR_QUEUED_EVENT_BYTES',
    meaning: 'Most bytes of requests of events that wait, on the disk, over all functions.',
    defaultValue: 4 * 1024 * 1024 * 1024,
    min: 1024 * 1024,
    max: 1024 * 1024 * 1024 * 1024,
  }),
  keptBytes: integer({
    variable: 'GLAMBDAR_KEPT_EVENT_BYTES',
    meaning:
      'Most bytes of events that have ended, on the disk, over all functions: their results, the requests of dead ones, and 2 KiB each. Beyond it the oldest go before their time.',
    defaultValue: 1024 * 1024 * 1024,
    min: 1024 * 1024,
    max: 1024 * 1024 * 1024 * 1024,
  }),
  resultBytes: integer({
    variable: 'GLAMBDAR_EVENT_RESULT_BYTES',
    meaning: 'Largest body of an answer that is kept with its event, in bytes.',
    defaultValue: 256 * 1024,
    min: 0,
    max: 6 * 1024 * 1024,
  }),
  answerBytes: integer({
    variable: 'GLAMBDAR_IDEMPOTENT_ANSWER_BYTES',
    meaning:
      'Most bytes of answers that are kept for repeated calls with an `Idempotency-Key`, on the disk, over all functions. Beyond it the oldest go before their day is over; their keys stay, and such a call is not done again.',
    defaultValue: 1024 * 1024 * 1024,
    min: 1024 * 1024,
    max: 1024 * 1024 * 1024 * 1024,
  }),
  waiters: integer({
    variable: 'GLAMBDAR_EVENT_WAITERS',
    meaning: 'Most requests that wait for the end of an event (`GET /events/:id?wait=`).',
    defaultValue: 256,
    min: 1,
    max: 100_000,
  }),
  deadDays: integer({
    variable: 'GLAMBDAR_DEAD_EVENT_DAYS',
    meaning: 'How long dead events are kept, in days.',
    defaultValue: 14,
    min: 1,
    max: 3650,
  }),
});

export type EventsSettings = SettingsOf<typeof eventsSettings>;
