import type { EgressService } from '../egress/egress.service.js';
import { leadsInside, parseEgressRule } from '../functions/settings/egress-rule.js';

const insideReason =
  'leads nowhere: without its number a port of localhost is one of the function\'s own container. Name each port, as "127.0.0.1:5432".';

/** One sentence for each entry of a function's setting `egress` that leads nowhere on this server. */
export async function egressWarnings(
  entries: readonly string[],
  egress: Pick<EgressService, 'whyUnreachable'>,
): Promise<string[]> {
  const reasons = await Promise.all(
    entries.map(async (entry) => {
      const rule = parseEgressRule(entry);
      if (rule?.kind !== 'host') return undefined;
      return leadsInside(rule) ? insideReason : egress.whyUnreachable(rule.host);
    }),
  );
  return entries.flatMap((entry, index) => {
    const reason = reasons[index];
    return reason === undefined ? [] : [`The setting egress: "${entry}" ${reason}`];
  });
}
