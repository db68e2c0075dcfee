/**
 * `named`: the function's allow-list names the host. `public`: it may go wherever the internet is. `none`: it may not
 * go there.
 */
export type Permission = 'named' | 'public' | 'none';

/** Where one function may connect to. */
export interface AllowList {
  /** `host` is a name in lower case or an address; without a port, whether any port of it is allowed. */
  permissionFor(host: string, port: number | undefined): Permission;
}
