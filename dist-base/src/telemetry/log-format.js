/** Text for a person at a terminal, JSON for a program at the other end of a pipe, unless somebody has chosen. */ export function logFormatFor({ logFormat }, { isTerminal, environment }) {
    const isText = logFormat === 'text' || logFormat === 'auto' && isTerminal;
    if (!isText) return 'json';
    // https://no-color.org: any value but an empty one says no.
    const isColored = isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
    return isColored ? 'colored-text' : 'text';
}

//# sourceMappingURL=log-format.js.map