import { usageError } from '../errors/command-error.js';

export const defaultAddress = 'http://127.0.0.1:8000';

const loopback = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;

/**
 * The address of a server as it is kept: with its scheme and without a slash at its end. Without a scheme it is `http`
 * on this machine and `https` elsewhere.
 */
export function serverAddress(text: string): string {
  const url = parsed(text.trim());
  if (url === undefined || !/^https?:$/.test(url.protocol))
    throw usageError(
      `${JSON.stringify(text)} is not the address of a server.`,
      `Write it like ${defaultAddress} or https://functions.example.com.`,
    );
  if (url.username !== '' || url.password !== '' || url.search !== '' || url.hash !== '')
    throw usageError(
      'The address of a server has no user, password, query or fragment.',
      'Give the key when `glambdar login` asks for it, or in GLAMBDAR_KEY.',
    );
  return `${url.origin}${url.pathname.replace(/\/+$/, '')}`;
}

/** Whether a key sent there can be read on the way. */
export function isReadableOnTheWay(address: string): boolean {
  const { protocol, hostname } = new URL(address);
  return protocol === 'http:' && !loopback.test(hostname);
}

function parsed(text: string): URL | undefined {
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `${assumedScheme(text)}://${text}`;
  return URL.canParse(withScheme) ? new URL(withScheme) : undefined;
}

function assumedScheme(text: string): string {
  const [host = ''] = /^(\[[^\]]*\]|[^:/]*)/.exec(text) ?? [];
  return loopback.test(host) ? 'http' : 'https';
}
