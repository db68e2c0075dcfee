/** How a fault is refused: the same in the same words, wherever it is sent. */

export interface Refusal {
  readonly status: number;
  readonly code: unknown;
  readonly detail: unknown;
  readonly field: unknown;
}

export const invalid = (field: string, detail: string): Refusal => ({
  status: 400,
  code: 'INVALID_SETTINGS',
  detail,
  field,
});

export const malformed = (field: string, detail: string): Refusal => ({
  status: 400,
  code: 'MALFORMED_REQUEST',
  detail,
  field,
});

export const compressed: Refusal = {
  status: 415,
  code: 'UNSUPPORTED_MEDIA_TYPE',
  detail: 'The body is compressed; send it as it is, without Content-Encoding.',
  field: 'Content-Encoding',
};

/** A field with a value that breaks its rule, and the rule in words. */
export type Broken = readonly [field: string, value: unknown, sentence: string];

export const version = 'version must be a whole number, 1 or more.';
export const strict = 'strict must be true or false.';

const timeout = 'timeoutSeconds must be a whole number from 1 to 900.';

/** Settings of a function, by whatever way they come. */
export const brokenSettings: readonly Broken[] = [
  ['timeoutSeconds', '5', timeout],
  ['timeoutSeconds', 901, timeout],
  ['isolation', '', 'isolation must be one of fresh, warm.'],
  ['environment', { A: 1 }, 'environment.A must be text.'],
  ['retry', 3, 'retry must be one JSON object.'],
  ['retry', { maxAttempts: 0 }, 'retry.maxAttempts must be a whole number from 1 to 10.'],
  ['retry', { attempts: 1 }, 'There is no field "retry.attempts"; use maxAttempts or maxAgeSeconds.'],
  ['schedules', { a: {} }, 'schedules.a must have one of cron and every.'],
];
