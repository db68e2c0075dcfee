import { lineLevels } from '../../sandbox/printed-line.js';
import { invocationIdPattern, malformed, QueryFields } from '../query-fields.js';
export const maxLines = 1000;
export const defaultLines = 100;
export const levelRule = 'This level and those above it: debug, info, warn, error.';
const fields = [
    'invocation',
    'since',
    'until',
    'level',
    'limit',
    'before',
    'follow'
];
/** Throws `MALFORMED_REQUEST`, naming field and rule. */ export function parseLogQuery(query) {
    const given = new QueryFields(query, fields);
    const follow = given.oneOf('follow', [
        'true',
        'false'
    ]) === 'true';
    const level = given.oneOf('level', lineLevels);
    const filter = withoutUndefined({
        invocationId: given.matching('invocation', invocationIdPattern, 'the id of an invocation'),
        sinceMs: given.time('since'),
        untilMs: given.time('until'),
        levels: level && levelsFrom(level),
        before: given.integer('before', {
            min: 0,
            max: Number.MAX_SAFE_INTEGER
        }),
        limit: given.integer('limit', {
            min: 1,
            max: maxLines
        }) ?? defaultLines
    });
    if (follow && filter.untilMs !== undefined) throw malformed('until', 'must be left out where follow is true');
    if (follow && filter.before !== undefined) throw malformed('before', 'must be left out where follow is true');
    return {
        filter,
        follow
    };
}
/** The number of the last line that a client has seen before its connection broke. */ export function parseLastEventId(header) {
    if (header === undefined || header === '') return undefined;
    return new QueryFields({
        'Last-Event-ID': header
    }, [
        'Last-Event-ID'
    ]).integer('Last-Event-ID', {
        min: 0,
        max: Number.MAX_SAFE_INTEGER
    });
}
function levelsFrom(level) {
    return lineLevels.slice(lineLevels.indexOf(level));
}
function withoutUndefined(value) {
    return Object.fromEntries(Object.entries(value).filter(([, field])=>field !== undefined));
}

//# sourceMappingURL=log-query.js.map