import { DomainError } from '../common/errors/domain-error.js';
export const invocationIdPattern = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
/** Reads the fields of a query; each breach is a `MALFORMED_REQUEST` that names field and rule. */ export class QueryFields {
    query;
    constructor(query, known){
        this.query = query;
        const unknown = Object.keys(query).find((field)=>!known.includes(field));
        // Its name is the client's text, so only the known ones are shown.
        if (unknown !== undefined) throw malformed('query', `may hold only ${known.join(', ')}`);
    }
    integer(field, { min, max }) {
        return this.read(field, `must be an integer from ${min} to ${max}`, (text)=>{
            const value = /^\d{1,16}$/.test(text) ? Number(text) : Number.NaN;
            return value >= min && value <= max ? value : undefined;
        });
    }
    oneOf(field, allowed) {
        return this.read(field, `must be one of ${allowed.join(', ')}`, (text)=>allowed.find((value)=>value === text));
    }
    matching(field, pattern, rule) {
        return this.read(field, `must be ${rule}`, (text)=>pattern.test(text) ? text : undefined);
    }
    /** Milliseconds since the epoch. */ time(field) {
        const rule = 'must be a time like 2026-01-31T12:00:00Z';
        return this.read(field, rule, (text)=>{
            const timeMs = dateTime.test(text) ? Date.parse(text) : Number.NaN;
            return Number.isNaN(timeMs) ? undefined : timeMs;
        });
    }
    read(field, rule, parse) {
        const given = this.query[field];
        if (given === undefined) return undefined;
        const value = typeof given === 'string' ? parse(given) : undefined;
        if (value === undefined) throw malformed(field, `${rule}, given once`);
        return value;
    }
}
/** A date and a time with its zone (RFC 3339): without one nobody knows which moment is meant. */ const dateTime = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d{1,9})?(Z|[+-]\d{2}:\d{2})$/;
export function malformed(field, rule) {
    return new DomainError('MALFORMED_REQUEST', `${field} ${rule}.`, {
        field
    });
}

//# sourceMappingURL=query-fields.js.map