import type { ScheduleResponse, SetScheduleData } from '@glambdar/client';

/** What the server is sent of a schedule. */
export type ScheduleDefinition = SetScheduleData['body'];

/** A schedule as a person writes it. */
export interface ScheduleForm {
  readonly name: string;
  readonly rhythm: 'cron' | 'every';
  readonly cron: string;
  readonly every: string;
  readonly timeZone: string;
  /** JSON; empty for none. */
  readonly payload: string;
  readonly enabled: boolean;
  readonly missed: 'skip' | 'run-once';
}

export type ScheduleField = keyof ScheduleForm;
export type ScheduleErrors = Readonly<Partial<Record<ScheduleField, string>>>;

/** What somebody who adds a schedule begins with; the time zone is the browser's. */
export function newForm(timeZone: string): ScheduleForm {
  return {
    name: '',
    rhythm: 'cron',
    cron: '0 3 * * *',
    every: '10m',
    timeZone,
    payload: '',
    enabled: true,
    missed: 'skip',
  };
}

/** What somebody who changes a schedule begins with. */
export function formOf(schedule: ScheduleResponse, timeZone: string): ScheduleForm {
  const { name, cron, every, payload, enabled, missed } = schedule;
  const fresh = newForm(timeZone);
  return {
    name,
    rhythm: cron === undefined ? 'every' : 'cron',
    cron: cron ?? fresh.cron,
    every: every ?? fresh.every,
    timeZone: cron === undefined ? timeZone : (schedule.timeZone ?? 'UTC'),
    payload: payload === undefined ? '' : JSON.stringify(payload, null, 2),
    enabled,
    missed,
  };
}

/** What is sent; only what cannot even be said in JSON is an error here, all other rules are the server's. */
export function definitionOf(
  form: ScheduleForm,
): { readonly definition: ScheduleDefinition } | { readonly errors: ScheduleErrors } {
  const { rhythm, cron, every, timeZone, enabled, missed } = form;
  if (form.name.trim() === '') return { errors: { name: 'A schedule needs a name.' } };
  const payload = payloadIn(form.payload);
  if (payload === 'no JSON')
    return { errors: { payload: 'This is no JSON. Text must stand in quotes: "like this".' } };
  const when = rhythm === 'cron' ? { cron: cron.trim(), ...zoneIn(timeZone) } : { every: every.trim() };
  return { definition: { ...when, ...payload, enabled, missed } };
}

/** The same schedule, switched on or off. */
export function switched(schedule: ScheduleResponse, enabled: boolean): ScheduleDefinition {
  const { cron, every, timeZone, payload, missed } = schedule;
  const when = cron === undefined ? { every: every ?? '' } : { cron, ...zoneIn(timeZone ?? '') };
  return { ...when, ...(payload !== undefined && { payload }), enabled, missed };
}

/** At which field a refusal belongs; it names it alone or below the settings: `timeZone`, `schedules.nightly.cron`. */
export function errorsOf(refusal: {
  readonly field: string | undefined;
  readonly message: string;
}): ScheduleErrors {
  const named = [refusal.field, ...(refusal.message.match(/[\w.-]+\w/g) ?? [])]
    .map((words) => fields.find((field) => words?.split('.').at(-1) === field))
    .find((field) => field !== undefined);
  return named === undefined ? { name: refusal.message } : { [named]: refusal.message };
}

const fields: readonly ScheduleField[] = ['cron', 'every', 'timeZone', 'payload', 'enabled', 'missed'];

function zoneIn(timeZone: string): { readonly timeZone?: string } {
  return timeZone.trim() === '' ? {} : { timeZone: timeZone.trim() };
}

function payloadIn(text: string): Pick<ScheduleDefinition, 'payload'> | 'no JSON' {
  if (text.trim() === '') return {};
  try {
    return { payload: JSON.parse(text) as ScheduleDefinition['payload'] };
  } catch {
    return 'no JSON';
  }
}
