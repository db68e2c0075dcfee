import { escapeUnsafe } from '../common/text/unsafe-characters.js';
const colors = {
    debug: '2',
    info: '32',
    warn: '33',
    error: '31'
};
/** The same in every line, and known to whoever sits at the terminal. */ const leftOut = [
    'pid',
    'hostname'
];
/** Values that stand without quotes. */ const plainValue = /^[\w./:@+-]+$/;
/**
 * A line of the log as a person reads it: time, level, message, fields, and below them the stack of an error. Whatever
 * a field holds, nothing in it reaches the terminal but text.
 */ export function textLine(json, isColored) {
    const { level, time, msg, err, ...fields } = JSON.parse(json);
    const painted = (text, color)=>isColored ? `\u001b[${color}m${text}\u001b[0m` : text;
    const { stack, rest } = partsOf(err);
    const named = Object.entries({
        ...fields,
        ...rest
    }).filter(([name])=>!leftOut.includes(name)).map(([name, value])=>`${shown(name)}=${shown(value)}`);
    const head = [
        localTime(time),
        painted(level.toUpperCase().padEnd(5), colors[level] ?? '0'),
        unquoted(msg),
        ...named.length > 0 ? [
            painted(named.join(' '), '2')
        ] : []
    ];
    return `${[
        head.join(' '),
        ...stack.map((line)=>`    ${unquoted(line.trim())}`)
    ].join('\n')}\n`;
}
/** An error is its stack where it has one. */ function partsOf(err) {
    if (err === undefined) return {
        stack: [],
        rest: {}
    };
    const { stack } = Object(err);
    return typeof stack === 'string' ? {
        stack: stack.split('\n'),
        rest: {}
    } : {
        stack: [],
        rest: {
            err
        }
    };
}
function shown(value) {
    if (typeof value === 'string' && plainValue.test(value)) return value;
    return escapeUnsafe(JSON.stringify(value));
}
function unquoted(text) {
    return escapeUnsafe(JSON.stringify(text)).slice(1, -1).replaceAll('\\"', '"');
}
function localTime(iso) {
    const time = new Date(iso);
    return `${time.toTimeString().slice(0, 8)}.${String(time.getMilliseconds()).padStart(3, '0')}`;
}

//# sourceMappingURL=text-line.js.map