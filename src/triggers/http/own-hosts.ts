import { Injectable } from '@nestjs/common';
import type { IncomingMessage } from 'node:http';
import { TrustedProxies } from '../../auth/http/trusted-proxies.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { FunctionHosts, type HostOwner } from '../../functions/hosts/function-hosts.js';
import { authorityIn, type CallTarget, rootTargetOf } from './call-target.js';

/** Finds requests for hosts of functions: whatever they ask for, path and all, is the function's. */
@Injectable()
export class OwnHosts {
  constructor(
    private readonly hosts: FunctionHosts,
    private readonly proxies: TrustedProxies,
  ) {}

  /** Undefined for a request to a host of the server, or of nobody. */
  targetOf(request: IncomingMessage): CallTarget | undefined {
    if (!this.hosts.areUsed) return undefined;
    const owner = this.ownerOf(request);
    if (!owner) return undefined;
    const parts = { ...rootTargetOf(request.url ?? ''), isOwnHost: true };
    if (owner.kind === 'function') return { ...parts, functionName: owner.name };
    return { ...parts, functionName: owner.label, problem: nobodysHost() };
  }

  /**
   * The client's own host where a trusted proxy reports it, or else the one that was asked for. A proxy that passes on both,
   * and lets clients write the one, must not lead from a function's host to the server.
   */
  private ownerOf(request: IncomingMessage): HostOwner | undefined {
    const { host = '', 'x-forwarded-host': reported } = request.headers;
    const forwarded = reported === undefined ? undefined : this.proxies.forwardedUrlOf(request)?.host;
    const named = authorityIn(request.url ?? '');
    return (
      (forwarded === undefined ? undefined : this.hosts.ownerOf(plainHost(forwarded))) ??
      (named === undefined ? undefined : this.hosts.ownerOf(plainHost(named))) ??
      this.hosts.ownerOf(plainHost(host))
    );
  }
}

/** In lower case, without the port, and without the dot that only says that the name is complete. */
export function plainHost(host: string): string {
  return host.toLowerCase().replace(/\.?(?::\d{0,5})?$/, '');
}

function nobodysHost(): DomainError {
  return new DomainError(
    'UNKNOWN_HOST',
    'No function has this host name, or several have it in different capitals; GET /info at the host of the server lists all functions.',
  );
}
