/** `localhost` and every name below it are the loopback addresses, whatever a name server says (RFC 6761, section 6.3). */
export function isLocalhost(name: string): boolean {
  return name === 'localhost' || name.endsWith('.localhost');
}

export const loopbackAddresses: readonly string[] = ['127.0.0.1', '::1'];
