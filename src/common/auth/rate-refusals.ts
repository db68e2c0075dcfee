import { Tally } from '../tally.js';

/** The limits there are on how often requests may come. */
export type RateLimitKind = 'management' | 'invocations' | 'failures';

/** Requests refused for coming too often, by the limit that they met. */
export class RateRefusals extends Tally<RateLimitKind> {}
