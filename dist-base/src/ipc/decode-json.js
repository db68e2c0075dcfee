import { isUtf8 } from 'node:buffer';
import { isDeeperThan } from '../common/json-depth.js';
import { maxJsonDepth } from './protocol/limits.js';
import { ProtocolViolation } from './protocol/protocol-violation.js';
/** Text to object, or a `ProtocolViolation`: invalid UTF-8 is refused, not replaced, and so is deep nesting. */ export function decodeJson(json) {
    if (!isUtf8(json)) throw new ProtocolViolation('invalid-json', "A frame's JSON is not UTF-8.");
    if (isDeeperThan(json, maxJsonDepth)) {
        throw new ProtocolViolation('invalid-json', `A frame's JSON is nested deeper than ${maxJsonDepth}.`);
    }
    const value = parse(json.toString('utf8'));
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
        throw new ProtocolViolation('invalid-json', "A frame's JSON is not an object.");
    }
    return value;
}
function parse(text) {
    try {
        return JSON.parse(text);
    } catch  {
        // The parser's message quotes the text, which may hold anything.
        throw new ProtocolViolation('invalid-json', "A frame's JSON does not parse.");
    }
}

//# sourceMappingURL=decode-json.js.map