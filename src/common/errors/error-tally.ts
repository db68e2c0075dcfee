import { Tally } from '../tally.js';
import type { ErrorCode } from './error-codes.js';

/** Requests answered with an error, by its code: whoever answers adds, whoever measures reads. */
export class ErrorTally extends Tally<ErrorCode> {}
