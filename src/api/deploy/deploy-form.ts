import { DomainError } from '../../common/errors/domain-error.js';
import { parseJson } from '../../common/request-body/parse-json.js';
import type { DeployOptions } from '../../deployment/deploy.service.js';
import { refusedField, type TextFields } from './text-fields.js';

/** What a form may have beside its file. */
export const optionNames: readonly string[] = ['settings', 'strict'];

/**
 * Reads what comes along with an archive, from the form's text fields and the URL's query. Throws `INVALID_SETTINGS`, which
 * names field and rule, also for a field that no deployment has.
 */
export function deployOptionsIn(fields: TextFields, query: Readonly<Record<string, unknown>>): DeployOptions {
  const unknown = [...fields.keys()].find((name) => !optionNames.includes(name));
  if (unknown !== undefined) {
    throw refusedField(unknown, `there is no field "${unknown}", only "file", "settings" and "strict"`);
  }
  const inForm = fields.get('strict');
  const inQuery = strictInQuery(query);
  if (inForm !== undefined && inQuery !== undefined) {
    throw refusedField('strict', 'send strict as a field or in the query, not as both');
  }
  return { settings: settingsOf(fields.get('settings')), strict: inQuery ?? strictOf(inForm) ?? false };
}

/** Known before the form is: what is wrong with the query spares the upload. */
export function strictInQuery(query: Readonly<Record<string, unknown>>): boolean | undefined {
  const unknown = Object.keys(query).find((name) => name !== 'strict');
  if (unknown !== undefined) {
    throw refusedField(unknown, `there is no parameter "${unknown.slice(0, 64)}", only "strict"`);
  }
  return strictOf(query['strict']);
}

function strictOf(value: unknown): boolean | undefined {
  if (value === undefined) return undefined;
  if (value === 'true' || value === 'false') return value === 'true';
  throw refusedField('strict', 'strict must be true or false');
}

/** A merge patch; what is not sent changes nothing. */
function settingsOf(text: string | undefined): unknown {
  if (text === undefined) return {};
  try {
    return parseJson(Buffer.from(text));
  } catch (cause) {
    const rule = 'settings must be one JSON object';
    throw new DomainError(
      'INVALID_SETTINGS',
      `The settings were refused: ${rule}.`,
      { field: 'settings', reason: rule },
      { cause },
    );
  }
}
