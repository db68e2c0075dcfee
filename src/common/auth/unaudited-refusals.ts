import { Tally } from '../tally.js';

/** Who was turned away: somebody with a valid key, or a stranger. */
export type RefusedKind = 'key' | 'stranger';

/** Refusals that the audit log leaves out because they are too many. */
export class UnauditedRefusals extends Tally<RefusedKind> {}
