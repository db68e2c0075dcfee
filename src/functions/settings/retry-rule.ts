import { WholeNumber } from '../../common/input/field-rules.js';
import type { RetryRule } from '../function.js';
import { defaultRetry } from './default-settings.js';

/** A week: after that nobody waits for the event any more. */
const longestAgeSeconds = 7 * 24 * 60 * 60;

/** The setting `retry`; each member may be left out. */
export class RetryRuleDto implements Partial<RetryRule> {
  @WholeNumber(
    { minimum: 1, maximum: 10 },
    {
      required: false,
      default: defaultRetry.maxAttempts,
      description: "Attempts that fail through the function's fault, the first included.",
    },
  )
  readonly maxAttempts?: number;

  @WholeNumber(
    { minimum: 1, maximum: longestAgeSeconds },
    {
      required: false,
      default: defaultRetry.maxAgeSeconds,
      description: 'After this many seconds an event is tried no more, whatever its attempts failed for.',
    },
  )
  readonly maxAgeSeconds?: number;
}
