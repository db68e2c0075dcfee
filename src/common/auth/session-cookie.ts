/**
 * What the names of all session cookies contain, after `__Host-` perhaps. A browser sends a cookie to every port of its host, so the sessions of
 * other servers of this machine arrive here, too: they are kept from functions like our own.
 */
const namePrefix = 'glambdar_session';

/** Each server has a name of its own: on one host they would otherwise overwrite each other's sessions. */
export function sessionCookieName(nodeId: string): string {
  return `${namePrefix}_${nodeId}`;
}

/** The values of all cookies of this name in a header `Cookie`, in their order. */
export function cookieValues(header: string, name: string): string[] {
  return header
    .split(';')
    .map((pair) => pair.trim())
    .filter((pair) => pair.startsWith(`${name}=`))
    .map((pair) => pair.slice(name.length + 1));
}

/** A header `Cookie` without sessions; undefined if nothing else is in it. */
export function withoutSessions(header: string): string | undefined {
  if (!header.includes(namePrefix)) return header;
  const others = header.split(';').filter((pair) => !nameOf(pair).includes(namePrefix));
  const left = others.join(';').trim();
  return left === '' ? undefined : left;
}

/**
 * Whether a header `Set-Cookie` sets, or hides, a session. Browsers also take cookies that have no name, and send their value
 * as if it were one: `=glambdar_session=x`. So the whole pair is searched.
 */
export function setsSession(setCookie: string): boolean {
  const [pair = ''] = setCookie.split(';', 1);
  return pair.includes(namePrefix);
}

function nameOf(pair: string): string {
  const [name = ''] = pair.split('=', 1);
  return name;
}
