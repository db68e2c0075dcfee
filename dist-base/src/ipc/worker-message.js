import { decodeJson } from './decode-json.js';
import { maxChunkBytes, maxErrorMessageLength, maxErrorTypeLength, maxLogBytes, maxStackLength } from './protocol/limits.js';
import { chunkJson, readyJson, logJson } from './protocol/messages.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';
const parsers = {
    hello: (json)=>({
            type: 'hello',
            protocolVersion: integerOf(json, 'protocolVersion'),
            token: textOf(json, 'token')
        }),
    ready: ()=>({
            type: 'ready'
        }),
    loadError: (json)=>({
            type: 'loadError',
            ...failureOf(json)
        }),
    result: (json)=>({
            type: 'result',
            invocationId: textOf(json, 'invocationId'),
            statusCode: integerOf(json, 'statusCode'),
            headers: headersOf(json),
            streams: json['streams'] === undefined ? false : truthOf(json, 'streams')
        }),
    chunk: ()=>({
            type: 'chunk'
        }),
    end: ()=>({
            type: 'end'
        }),
    error: (json)=>({
            type: 'error',
            invocationId: textOf(json, 'invocationId'),
            kind: kindOf(json),
            ...failureOf(json)
        }),
    log: (json)=>({
            type: 'log',
            stream: streamOf(json)
        })
};
const maxIdentifierLength = 256;
const failureKinds = [
    'threw',
    'uncaught',
    'invalid-result',
    'result-too-large'
];
/** What a function can send by the hundred thousand, prints and chunks, and what comes with every call: no parsing. */ const frequentMessages = [
    ...Object.values(logJson),
    chunkJson,
    readyJson
].map((text)=>({
        json: Buffer.from(text),
        message: JSON.parse(text)
    }));
/**
 * What a frame from the worker says, every field checked and only known fields kept. Throws `ProtocolViolation` where
 * the sender broke a rule. Whether the message may come now is the session's question.
 */ export function parseWorkerMessage(frame) {
    const message = frequentMessage(frame.json) ?? parseJson(frame.json);
    if (frame.body.length > maxBodyBytesOf(message)) {
        throw new ProtocolViolation('unexpected-body', `A body of ${frame.body.length} bytes came with '${message.type}'.`);
    }
    return message;
}
/** A whole result's own limit is the decoder's and the session's. */ function maxBodyBytesOf(message) {
    if (message.type === 'result') return message.streams === true ? 0 : Infinity;
    if (message.type === 'chunk') return maxChunkBytes;
    return message.type === 'log' ? maxLogBytes : 0;
}
function frequentMessage(json) {
    return frequentMessages.find((known)=>known.json.length === json.length && known.json.equals(json))?.message;
}
function parseJson(bytes) {
    const json = decodeJson(bytes);
    const type = json['type'];
    if (typeof type !== 'string' || !isWorkerMessageType(type)) {
        throw new ProtocolViolation('unknown-type', 'A message has a type that is not of the protocol.');
    }
    return parsers[type](json);
}
function isWorkerMessageType(type) {
    return Object.hasOwn(parsers, type);
}
function failureOf(json) {
    return {
        errorType: textOf(json, 'errorType', maxErrorTypeLength),
        errorMessage: textOf(json, 'errorMessage', maxErrorMessageLength),
        stack: textOf(json, 'stack', maxStackLength)
    };
}
function kindOf(json) {
    return failureKinds.find((kind)=>kind === json['kind']) ?? invalid('kind', 'a known kind of failure');
}
function streamOf(json) {
    const stream = json['stream'];
    return stream === 'stdout' || stream === 'stderr' ? stream : invalid('stream', 'stdout or stderr');
}
/** `Object.fromEntries` because a header may be called `__proto__`. */ function headersOf(json) {
    const headers = json['headers'];
    if (typeof headers !== 'object' || headers === null || Array.isArray(headers)) return invalid('headers', 'an object');
    const entries = Object.entries(headers);
    return Object.fromEntries(entries.map(([name, value])=>[
            name,
            headerValueOf(value)
        ]));
}
function headerValueOf(value) {
    if (typeof value === 'string') return value;
    if (Array.isArray(value) && value.every((item)=>typeof item === 'string')) return value;
    return invalid('headers', 'of strings and arrays of strings');
}
function textOf(json, field, maxLength = maxIdentifierLength) {
    const value = json[field];
    return typeof value === 'string' && value.length <= maxLength ? value : invalid(field, `a string of at most ${maxLength} characters`);
}
function integerOf(json, field) {
    const value = json[field];
    return Number.isSafeInteger(value) ? value : invalid(field, 'an integer');
}
function truthOf(json, field) {
    const value = json[field];
    return typeof value === 'boolean' ? value : invalid(field, 'true or false');
}
/** Names the field and the rule, never the value: it is the sender's. */ function invalid(field, rule) {
    throw new ProtocolViolation('invalid-message', `The field '${field}' is not ${rule}.`);
}

//# sourceMappingURL=worker-message.js.map