import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '../../common/access/loopback.js';
import type { DomainError } from '../../common/errors/domain-error.js';
import type { AccessControl } from './access-control.js';
import { hostRefusal, knownHosts } from './known-host.js';

/** Why a request must not be served under the host it names, or undefined; a refusal is noted. */
export type HostProblem = (request: IncomingMessage, response: ServerResponse) => DomainError | undefined;

/**
 * Browsers reach the loopback address of their own machine, and without keys nothing else stands before the routes.
 * On other addresses hosts are checked where they are known: when some are allowed.
 */
export function hostProblemOf(allowedHosts: string, control: AccessControl): HostProblem {
  const known = knownHosts(allowedHosts);
  return (request, response) => {
    const { localAddress } = request.socket;
    const isChecked = allowedHosts !== '' || isLoopback(localAddress ?? '');
    const refusal = isChecked ? hostRefusal(request.headers, known, localAddress) : undefined;
    return refusal === undefined ? undefined : control.refuseHost(request, response, refusal);
  };
}
