import { DomainError } from '../../common/errors/domain-error.js';
/**
 * The settings among a form's text fields; undefined where there are none. Throws `INVALID_CONFIG`, also for a field that
 * no deployment has.
 */ export function settingsIn(form, reader) {
    const fields = new Map(Object.entries(form ?? {}));
    const unknown = [
        ...fields.keys()
    ].find((name)=>name !== 'settings');
    if (unknown === undefined) return fields.has('settings') ? reader.fromForm(fields.get('settings')) : undefined;
    throw new DomainError('INVALID_CONFIG', `The form has a field "${unknown}", but only "file" and "settings" mean something here.`, {
        field: unknown,
        reason: 'unknown field'
    });
}

//# sourceMappingURL=deploy-form.js.map