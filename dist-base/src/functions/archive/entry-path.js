import { archiveRefusal, quoted } from './archive-refusal.js';
/** Control characters, what reorders text on screen, line separators, and what stands for a decoding error. */ const deceptive = /[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufffd]/u;
const utf8 = new TextDecoder('utf-8', {
    fatal: true,
    ignoreBOM: true
});
/**
 * The path an entry's name stands for. Names are UTF-8 whatever the flag says. Windows separators become slashes and
 * a leading `./` is dropped, then nothing else is repaired: a name that does not fit is refused, never rewritten.
 */ export function entryPathOf(rawName, limits) {
    const name = decoded(rawName).replaceAll('\\', '/').replace(/^(\.\/)+/, '');
    const isRoot = name === '' && rawName.length > 0;
    if (isRoot) return {
        segments: [],
        directory: true
    };
    const directory = name.endsWith('/');
    const segments = (directory ? name.slice(0, -1) : name).split('/');
    if (/^[A-Za-z]:/.test(name) || !segments.every(isSafeSegment)) throw unsafePath(rawName);
    refuseLong(rawName, segments, limits);
    return {
        segments,
        directory
    };
}
function decoded(rawName) {
    try {
        const name = utf8.decode(rawName);
        if (!deceptive.test(name)) return name;
    } catch  {
    // Not UTF-8: refused below like every other name that readers may understand differently.
    }
    throw unsafePath(rawName);
}
/** Windows drops dots and spaces at the end of a name, so `.. ` would be the parent there. */ function isSafeSegment(segment) {
    return segment !== '' && !/[. ]$/.test(segment);
}
function refuseLong(rawName, segments, limits) {
    const tooLong = Buffer.byteLength(segments.join('/')) > limits.maxPathBytes || segments.length > limits.maxDepth || segments.some((segment)=>Buffer.byteLength(segment) > limits.maxSegmentBytes);
    if (tooLong) {
        throw archiveRefusal('path_too_long', `The path ${quoted(rawName)} is too long: at most ${limits.maxPathBytes} bytes, ` + `${limits.maxSegmentBytes} in each part, and ${limits.maxDepth} parts.`);
    }
}
function unsafePath(rawName) {
    return archiveRefusal('unsafe_path', `The name ${quoted(rawName)} is not allowed: names are relative UTF-8 paths without "..", empty parts, ` + 'control characters, or dots and spaces at the end of a part.');
}

//# sourceMappingURL=entry-path.js.map