import { LabelledCounter } from '../labelled-counter.js';
import type { ErrorCode } from './error-codes.js';

/** Requests answered with an error, by its code: whoever answers adds, whoever measures reads. */
export class ErrorCounter extends LabelledCounter<ErrorCode> {}
