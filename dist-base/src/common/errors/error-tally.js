import { Tally } from '../tally.js';
/** Requests answered with an error, by its code: whoever answers adds, whoever measures reads. */ export class ErrorTally extends Tally {
}

//# sourceMappingURL=error-tally.js.map