import { LabelledCounter } from '../labelled-counter.js';

/** The limits there are on how often requests may come. */
export type RateLimitKind = 'management' | 'invocations' | 'failures';

/** Requests refused for coming too often, by the limit that they met. */
export class RateLimitDenials extends LabelledCounter<RateLimitKind> {}

/** Who was turned away: somebody with a valid key, or a stranger. */
export type DeniedKind = 'key' | 'stranger';

/** Refusals that the audit log leaves out because they are too many. */
export class UnauditedDenials extends LabelledCounter<DeniedKind> {}
