import { LabelledCounter } from '../labelled-counter.js';

/** The rate limits there are. */
export type RateLimitKind = 'management' | 'invocations' | 'failures';

/** Requests denied for coming too often, by the limit they exceeded. */
export class RateLimitDenials extends LabelledCounter<RateLimitKind> {}

/** Who was denied: a caller with a valid key, or a stranger. */
export type DeniedKind = 'key' | 'stranger';

/** Denials that the audit log leaves out because there are too many. */
export class UnauditedDenials extends LabelledCounter<DeniedKind> {}
