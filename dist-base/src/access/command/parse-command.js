import { parseArgs } from 'node:util';
import { parseNewKey } from '../key/new-key.js';
/** The command was written wrongly. The message says how it is written. */ export class UsageError extends Error {
    name = 'UsageError';
}
export const keysUsage = `npm run keys -- create --name <name> --scopes <scope,scope> [--expires 2027-01-31]
npm run keys -- list
npm run keys -- revoke <id>`;
/** Throws a `UsageError`, or `INVALID_CONFIG` for a key that cannot be made. */ export function parseKeysCommand(words, now) {
    const { positionals, values } = parsed(words);
    const [verb, id, ...rest] = positionals;
    const isPlain = Object.keys(values).length === 0 && rest.length === 0;
    if (verb === 'create' && id === undefined) return {
        kind: 'create',
        key: newKeyOf(values, now)
    };
    if (verb === 'list' && id === undefined && isPlain) return {
        kind: 'list'
    };
    if (verb === 'revoke' && id !== undefined && isPlain) return {
        kind: 'revoke',
        id
    };
    throw new UsageError(keysUsage);
}
function parsed(words) {
    try {
        const options = {
            name: {
                type: 'string'
            },
            scopes: {
                type: 'string'
            },
            expires: {
                type: 'string'
            }
        };
        const { positionals, values } = parseArgs({
            args: [
                ...words
            ],
            options,
            allowPositionals: true
        });
        // A copy, because the parser's own object has no prototype.
        return {
            positionals,
            values: {
                ...values
            }
        };
    } catch (error) {
        throw new UsageError(keysUsage, {
            cause: error
        });
    }
}
function newKeyOf({ name, scopes, expires }, now) {
    if (name === undefined || scopes === undefined) throw new UsageError(keysUsage);
    return parseNewKey({
        name,
        scopes: scopes.split(','),
        expiresAt: expires ?? null
    }, now);
}

//# sourceMappingURL=parse-command.js.map