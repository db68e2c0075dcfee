import { parseHost } from '../../common/network/host.js';
import type { AllowList } from '../../egress/egress-decision.js';

/** Where a build may connect to: the registries that the operator names, each at its own port, and nowhere else. */
export function registryAccess(registries: readonly URL[]): AllowList {
  const destinations = registries.map((url) => ({ host: hostOf(url), port: portOf(url) }));
  return {
    permissionFor: (host, port) =>
      destinations.some((one) => one.host === host && (port === undefined || one.port === port))
        ? 'trusted'
        : 'none',
    notAllowed: (host, port) =>
      `The build may not connect to ${host}${port === undefined ? '' : `:${port}`}: it reaches the package registries of this server only (GLAMBDAR_BUILD_REGISTRIES).`,
  };
}

/** As the egress proxy reads a host that a container asks for. */
function hostOf({ hostname }: URL): string {
  const plain = hostname.replace(/^\[(.*)\]$/, '$1');
  return parseHost(plain)?.text ?? plain;
}

function portOf({ port, protocol }: URL): number {
  return port === '' ? (protocol === 'http:' ? 80 : 443) : Number(port);
}
