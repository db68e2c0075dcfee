import { DomainError } from '../common/errors/domain-error.js';
import type { FunctionName } from './function-name.js';

export function functionNotFound(name: FunctionName): DomainError {
  return new DomainError('FUNCTION_NOT_FOUND', `There is no function named "${name}"; deploy it first.`);
}

/** `PUT` is right whatever becomes of the function meanwhile; to delete it would lose its settings, secrets and logs. */
export function functionExists(
  name: FunctionName,
  state = 'exists already',
  options?: ErrorOptions,
): DomainError {
  return new DomainError(
    'FUNCTION_EXISTS',
    `A function named "${name}" ${state}. To deploy new code for it, send the form to PUT /deploy/${name}, which keeps ` +
      'its settings, secrets and logs; for another function, give the file another name.',
    { field: 'name' },
    options,
  );
}
