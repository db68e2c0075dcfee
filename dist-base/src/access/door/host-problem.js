import { isLoopback } from '../../common/access/loopback.js';
import { hostRefusal, knownHosts } from './known-host.js';
/**
 * Browsers reach the loopback address of their own machine, and without keys nothing else stands before the routes.
 * On other addresses hosts are checked where they are known: when some are allowed.
 */ export function hostProblemOf(allowedHosts, control) {
    const known = knownHosts(allowedHosts);
    return (request, response)=>{
        const isChecked = allowedHosts !== '' || isLoopback(request.socket.localAddress ?? '');
        const refusal = isChecked ? hostRefusal(request.headers, known) : undefined;
        return refusal === undefined ? undefined : control.refuseHost(request, response, refusal);
    };
}

//# sourceMappingURL=host-problem.js.map