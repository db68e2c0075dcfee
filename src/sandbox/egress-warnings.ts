import type { EgressService } from '../egress/egress.service.js';
import { parseEgressRule } from '../functions/settings/egress-rule.js';

/** One sentence for each entry of a function's setting `egress` that leads nowhere on this server. */
export async function egressWarnings(
  entries: readonly string[],
  egress: Pick<EgressService, 'whyUnreachable'>,
): Promise<string[]> {
  const reasons = await Promise.all(
    entries.map(async (entry) => {
      const rule = parseEgressRule(entry);
      return rule?.kind === 'host' ? egress.whyUnreachable(rule.host) : undefined;
    }),
  );
  return entries.flatMap((entry, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [`The setting egress: "${entry}" ${reason}`];
  });
}
