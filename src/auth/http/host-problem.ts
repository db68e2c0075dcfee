import type { IncomingMessage, ServerResponse } from 'node:http';
import { isLoopback } from '../../common/auth/loopback.js';
import type { DomainError } from '../../common/errors/domain-error.js';
import type { AccessControl } from './access-control.js';
import { parseAllowedHosts } from './allowed-hosts.js';
import { hostRefusal, pageRefusal } from './known-host.js';

/** Why a request must not be served under the host it names or for the page it comes from; a refusal is noted. */
export type HostProblem = (
  request: IncomingMessage,
  response: ServerResponse,
  isCall: boolean,
) => DomainError | undefined;

/**
 * Browsers reach the loopback address of their own machine, and without keys nothing else stands before the routes.
 * On other addresses hosts are checked where they are known, and pages of strangers may call functions, which are
 * theirs to call as the function says; nowhere may they call anything else.
 */
export function hostProblemOf(list: string, control: AccessControl): HostProblem {
  const allowed = parseAllowedHosts(list);
  if (!allowed) throw new Error('The list of allowed hosts was not checked.');
  return (request, response, isCall) => {
    const { localAddress } = request.socket;
    const isChecked = allowed.namesHosts || isLoopback(localAddress ?? '');
    const refusal =
      (isChecked ? hostRefusal(request.headers, allowed, localAddress) : undefined) ??
      (isChecked || !isCall
        ? pageRefusal(request.headers, allowed, () => control.forwardedUrlOf(request))
        : undefined);
    return refusal === undefined ? undefined : control.refuseHost(request, response, refusal);
  };
}
