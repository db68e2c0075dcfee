import { isScope, scopes } from '../../common/access/scope.js';
import { DomainError } from '../../common/errors/domain-error.js';
const fields = [
    'name',
    'scopes',
    'expiresAt'
];
/** A day, which means its beginning in UTC, or a moment. */ const timePattern = /^\d{4}-\d\d-\d\d(T\d\d:\d\d(:\d\d(\.\d{1,3})?)?(Z|[+-]\d\d:\d\d))?$/;
/** Reads the request for a key, from whichever side it comes. Throws `INVALID_CONFIG` that names field and rule. */ export function parseNewKey(candidate, now) {
    if (typeof candidate !== 'object' || candidate === null || Array.isArray(candidate)) {
        throw invalid('body', 'it must be one JSON object');
    }
    const unknown = Object.keys(candidate).find((field)=>!fields.includes(field));
    if (unknown !== undefined) throw invalid(unknown.slice(0, 64), 'there is no such field');
    const { name, scopes: wanted, expiresAt } = candidate;
    return {
        name: parseName(name),
        scopes: parseScopes(wanted),
        expiresAt: parseExpiry(expiresAt, now)
    };
}
function parseName(name) {
    if (typeof name === 'string' && /^[\x20-\x7e]{1,64}$/.test(name) && name.trim() !== '') return name;
    throw invalid('name', 'name must be 1 to 64 printable ASCII characters');
}
function parseScopes(wanted) {
    const rule = `scopes must be one or more of ${scopes.join(', ')}`;
    if (!Array.isArray(wanted) || wanted.length === 0 || wanted.length > 100) throw invalid('scopes', rule);
    const parsed = wanted.map((scope)=>{
        if (typeof scope === 'string' && isScope(scope)) return scope;
        throw invalid('scopes', rule);
    });
    return [
        ...new Set(parsed)
    ];
}
function parseExpiry(expiresAt, now) {
    if (expiresAt === undefined || expiresAt === null) return null;
    const rule = 'expiresAt must be a day or a moment to come, e.g. 2027-01-31 or 2027-01-31T12:00:00Z';
    if (typeof expiresAt !== 'string' || !timePattern.test(expiresAt)) throw invalid('expiresAt', rule);
    const moment = new Date(expiresAt);
    // No moment at all, such as the 13th month, compares as false.
    if (!(moment > now)) throw invalid('expiresAt', rule);
    return moment;
}
function invalid(field, rule) {
    return new DomainError('INVALID_CONFIG', `The key was refused: ${rule}.`, {
        field,
        reason: rule
    });
}

//# sourceMappingURL=new-key.js.map