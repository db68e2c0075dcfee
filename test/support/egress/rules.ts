import type { AllowList } from '../../../src/egress/egress-decision.js';
import { egressPermission, parseEgressRule } from '../../../src/functions/settings/egress-rule.js';

/** An allow-list as a function's setting has it. */
export function allowListOf(...entries: readonly string[]): AllowList {
  const rules = entries.map((entry) => {
    const rule = parseEgressRule(entry);
    if (!rule) throw new Error(`${entry} is no rule.`);
    return rule;
  });
  return { permissionFor: (host, port) => egressPermission(rules, host, port) };
}
