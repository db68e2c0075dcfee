import { Inject, Injectable } from '@nestjs/common';
import { isLoopback } from '../../common/network/host.js';
import { Log } from '../../common/log/log.js';
import { authSettings, type AuthSettings } from '../auth.settings.js';
import { KeyRing } from '../keys/key-ring.js';
import { parseAllowedHosts } from './allowed-hosts.js';

/** The server would be open to a network. The message is for the operator who starts it. */
export class OpenServerRefused extends Error {
  override readonly name = 'OpenServerRefused';
}

/** Sees to it that a server which other machines reach is not open by oversight. */
@Injectable()
export class BindPolicy {
  private reachesOthers = false;

  constructor(
    private readonly keys: KeyRing,
    private readonly log: Log,
    @Inject(authSettings.config.KEY) private readonly settings: AuthSettings,
  ) {}

  /** Whether everybody who reaches the server may do everything. */
  get isOpen(): boolean {
    return !this.keys.inForce;
  }

  /** Whether that includes people on other machines, because the operator has allowed it. */
  get isOpenToOthers(): boolean {
    return this.isOpen && this.reachesOthers;
  }

  /** Asked before the server listens on `address`. Throws `OpenServerRefused`. */
  require(address: string): void {
    this.reachesOthers = !isLoopback(address) || this.isPublished;
    if (!this.isOpen) return;
    if (!this.reachesOthers) {
      this.log.info({}, 'there is no key: everybody on this machine may deploy, call and delete functions');
      return;
    }
    if (!this.settings.insecureNoAuth) throw new OpenServerRefused(this.refusal(address));
    this.log.warn(
      { address },
      'THERE IS NO KEY: everybody who reaches this address may deploy, call and delete functions',
    );
  }

  /** Who sets these has a proxy in front of the server, and with it a network; a page of this machine needs none. */
  private get isPublished(): boolean {
    const { allowedHosts, trustedProxies } = this.settings;
    return trustedProxies !== '' || parseAllowedHosts(allowedHosts)?.namesOthers !== false;
  }

  private refusal(address: string): string {
    const reach = isLoopback(address)
      ? 'GLAMBDAR_ALLOWED_HOSTS or GLAMBDAR_TRUSTED_PROXIES is set, so other machines reach the server through a proxy'
      : `Other machines reach ${address}`;
    return (
      `${reach}, and there is no key, so they could all deploy and call functions. ` +
      'Create a key first: npm run keys -- create --name me --scopes admin. ' +
      'Or let only this machine reach it (GLAMBDAR_HOST=127.0.0.1 and no proxy), ' +
      'or allow it with GLAMBDAR_INSECURE_NO_AUTH=true.'
    );
  }
}
