/** They change nothing (RFC 9110, section 9.2.1), so it does no harm if another site's page has them sent. */
export const safeMethods: ReadonlySet<string> = new Set(['GET', 'HEAD', 'OPTIONS']);
