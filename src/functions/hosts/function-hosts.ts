import { Inject, Injectable } from '@nestjs/common';
import { Log } from '../../common/log/log.js';
import { ServerNames } from '../../common/network/server-names.js';
import { functionNamePattern, type FunctionName } from '../function-name.js';
import { FunctionRegistry } from '../function-registry.js';
import { functionsSettings, type FunctionsSettings } from '../functions.settings.js';
import { isWithin } from './function-domain.js';

/**
 * Whose a host is. `function`: all of it is that function's. `nobody`: it is below the functions' domain, where nothing is
 * the server's, and no function has it; `label` is what stands before the domain.
 */
export type HostOwner =
  | { readonly kind: 'function'; readonly name: FunctionName }
  | { readonly kind: 'nobody'; readonly label: string };

/** Which hosts belong to functions: names below `GLAMBDAR_FUNCTION_DOMAIN`, and those that functions have chosen. */
@Injectable()
export class FunctionHosts {
  private readonly domain: string;

  constructor(
    private readonly registry: FunctionRegistry,
    private readonly serverNames: ServerNames,
    private readonly log: Log,
    @Inject(functionsSettings.config.KEY) { functionDomain }: FunctionsSettings,
  ) {
    this.domain = functionDomain;
  }

  /** False where no host can be a function's, so that no call has to be looked at. */
  get areUsed(): boolean {
    return this.domain !== '' || !this.registry.hosts.isEmpty;
  }

  /** `host` is in lower case, without port and final dot. Undefined for the server's own and foreign hosts. */
  ownerOf(host: string): HostOwner | undefined {
    if (this.serverNames.includes(host)) return undefined;
    if (isWithin(this.domain, host)) return this.ownerBelowDomain(host);
    const name = this.registry.hosts.ownerOf(host);
    return name === undefined ? undefined : { kind: 'function', name };
  }

  /** The rule that a host which a function wants breaks, as a part of a sentence; undefined if none. */
  problemOf(host: string): string | undefined {
    if (this.serverNames.includes(host)) {
      return `hosts must not contain ${host}, which is a name of the server itself (GLAMBDAR_ALLOWED_HOSTS)`;
    }
    if (isWithin(this.domain, host)) {
      return `hosts must not contain ${host}: functions have the names below ${this.domain} by their own names (GLAMBDAR_FUNCTION_DOMAIN)`;
    }
    return undefined;
  }

  /** Whether a function has chosen this host. */
  isChosen(host: string): boolean {
    return this.registry.hosts.ownerOf(host) !== undefined;
  }

  /** Settings of the server may have come after those of functions: then the server's own names win. */
  logConflicts(): void {
    for (const { name, settings } of this.registry.list()) {
      const hosts = settings.hosts.filter((host) => this.problemOf(host) !== undefined);
      if (hosts.length > 0)
        this.log.warn(
          { function: name, hosts },
          'hosts of a function are names of the server now, and no longer lead to it',
        );
    }
  }

  private ownerBelowDomain(host: string): HostOwner | undefined {
    // The domain itself may be the server's, and is then called as before.
    if (host === this.domain) return undefined;
    const label = host.slice(0, -this.domain.length - 1);
    const named = this.registry.hosts.capitalised(label);
    const asWritten = functionNamePattern.test(label) ? this.registry.has(label as FunctionName) : false;
    const [only = label as FunctionName] = named;
    const count = named.length + (asWritten ? 1 : 0);
    return count === 1 ? { kind: 'function', name: only } : { kind: 'nobody', label };
  }
}
