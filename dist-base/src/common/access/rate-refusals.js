import { Tally } from '../tally.js';
/** Requests refused for coming too often, by the limit that they met. */ export class RateRefusals extends Tally {
}

//# sourceMappingURL=rate-refusals.js.map