export const maxEgressRules = 100;
const maxRuleLength = 300;

/** The rule that a function's allow-list breaks, as a sentence without its end; undefined if none. */
export function egressProblem(egress: unknown): string | undefined {
  if (!Array.isArray(egress) || egress.length > maxEgressRules) {
    return `it must be a list of at most ${maxEgressRules} texts`;
  }
  const isRule = (rule: unknown) => typeof rule === 'string' && rule !== '' && rule.length <= maxRuleLength;
  return egress.every(isRule) ? undefined : `each entry must be text of 1 to ${maxRuleLength} characters`;
}
