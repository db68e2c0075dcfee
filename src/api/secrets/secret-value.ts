import { DomainError } from '../../common/errors/domain-error.js';
import type { SecretsSettings } from '../../secrets/secrets.settings.js';

/** Reads the body of `PUT /secrets/:name/:key`. Throws `INVALID_SETTINGS` that names field and rule, never the value. */
export function parseSecretValue(
  candidate: unknown,
  { maxSecretBytes }: Pick<SecretsSettings, 'maxSecretBytes'>,
): string {
  if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate)) {
    throw invalid('body', 'the body must be one JSON object');
  }
  // Not named: somebody may have put the value where the field's name belongs.
  if (Object.keys(candidate).some((field) => field !== 'value')) {
    throw invalid('body', 'the body may have no field but value');
  }
  const { value } = candidate as { readonly value?: unknown };
  if (typeof value !== 'string') throw invalid('value', 'value must be a string');
  const bytes = Buffer.byteLength(value);
  if (bytes < 1 || bytes > maxSecretBytes) {
    throw invalid('value', `value must have 1 to ${maxSecretBytes} bytes in UTF-8`);
  }
  // An environment cannot hold the one, and UTF-8 not the other: the function would find another value.
  if (value.includes('\0') || !value.isWellFormed()) {
    throw invalid(
      'value',
      'value must be text without NUL and without unpaired surrogates; encode bytes, e.g. in base64',
    );
  }
  return value;
}

function invalid(field: string, rule: string): DomainError {
  return new DomainError('INVALID_SETTINGS', `The secret was refused: ${rule}.`, { field, reason: rule });
}
