import { egressPermission, parseEgressRule } from '../functions/settings/egress-rule.js';
/** Opens the sandbox's way out for a function that may go anywhere; it closes with the sandbox. */ export async function openWayOut(egress, sandbox, { name, settings }) {
    if (settings.egress.length === 0) return;
    const rules = settings.egress.flatMap((text)=>parseEgressRule(text) ?? []);
    const gate = await egress.open({
        directory: sandbox.endpoint.directory,
        functionName: name,
        container: sandbox.container.name,
        allowList: {
            permissionFor: (host, port)=>egressPermission(rules, host, port)
        }
    });
    sandbox.closeAlso(()=>{
        gate.close();
    });
}

//# sourceMappingURL=open-way-out.js.map