import type { EgressService } from '../egress/egress.service.js';
import type { DeployedFunction } from '../functions/function.js';
import { egressPermission, parseEgressRule } from '../functions/settings/egress-rule.js';
import type { Sandbox } from './sandbox.js';

/** Opens the sandbox's way out for a function that may go anywhere; it closes with the sandbox. */
export async function openWayOut(
  egress: EgressService,
  sandbox: Sandbox,
  { id, name, settings }: DeployedFunction,
): Promise<void> {
  if (settings.egress.length === 0) return;
  const rules = settings.egress.flatMap((text) => parseEgressRule(text) ?? []);
  const gate = await egress.open({
    directory: sandbox.endpoint.directory,
    functionId: id,
    functionName: name,
    container: sandbox.container.name,
    allowList: { permissionFor: (host, port) => egressPermission(rules, host, port) },
    listener: {
      onCut: () => {
        sandbox.lostConnection();
      },
      tell: (sentence) => {
        sandbox.output.say('warn', sentence);
      },
    },
  });
  sandbox.goOutBy(gate);
}
