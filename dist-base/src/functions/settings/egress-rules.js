import { parseEgressRule } from './egress-rule.js';
export const maxEgressRules = 100;
/** Of a rule in a message: whoever wrote it knows it by its beginning. */ const shownLength = 64;
/** The rule that a function's allow-list breaks, as a sentence without its end; undefined if none. */ export function egressProblem(egress) {
    if (!Array.isArray(egress) || egress.length > maxEgressRules) {
        return `it must be a list of at most ${maxEgressRules} texts`;
    }
    const wrong = egress.find((rule)=>typeof rule !== 'string' || !parseEgressRule(rule));
    if (wrong === undefined && egress.every((rule)=>rule !== undefined)) return undefined;
    const shown = typeof wrong === 'string' ? `, unlike ${JSON.stringify(wrong.slice(0, shownLength))}` : '';
    return 'each entry must be public, a host name in ASCII, *. and a name of two labels or more, or an IP address (IPv6 in ' + `brackets), and perhaps a colon and a port or *${shown}`;
}

//# sourceMappingURL=egress-rules.js.map