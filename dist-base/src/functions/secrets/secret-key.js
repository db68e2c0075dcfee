import { DomainError } from '../../common/errors/domain-error.js';
import { variableNameProblem } from '../settings/environment-rules.js';
/** Throws `INVALID_CONFIG`. */ export function parseSecretKey(text) {
    const rule = variableNameProblem(text);
    if (rule === undefined) return text;
    throw new DomainError('INVALID_CONFIG', `The secret was refused: ${rule}.`, {
        field: 'key',
        reason: rule
    });
}

//# sourceMappingURL=secret-key.js.map