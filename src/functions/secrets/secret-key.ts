import { DomainError } from '../../common/errors/domain-error.js';
import { variableNameProblem } from '../settings/environment-rules.js';

/** The name of a secret, which is the variable that holds it for the function's code; it has passed the rules. */
export type SecretKey = string & { readonly brand: 'SecretKey' };

/** Throws `INVALID_SETTINGS`. */
export function parseSecretKey(text: string): SecretKey {
  const rule = variableNameProblem(text);
  if (rule === undefined) return text as SecretKey;
  throw new DomainError('INVALID_SETTINGS', `The secret was refused: ${rule}.`, {
    field: 'key',
    reason: rule,
  });
}
