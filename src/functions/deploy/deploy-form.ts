import { DomainError } from '../../common/errors/domain-error.js';
import type { FunctionSettings } from '../function.js';
import type { SettingsReader } from '../settings/settings-reader.js';

/** The settings among a form's text fields. Throws `INVALID_CONFIG`, also for a field that no deployment has. */
export function settingsIn(form: unknown, reader: SettingsReader): FunctionSettings {
  const fields = new Map(Object.entries(form ?? {}));
  const unknown = [...fields.keys()].find((name) => name !== 'settings');
  if (unknown === undefined) return reader.fromForm(fields.get('settings'));
  throw new DomainError(
    'INVALID_CONFIG',
    `The form has a field "${unknown}", but only "file" and "settings" mean something here.`,
    { field: unknown, reason: 'unknown field' },
  );
}
