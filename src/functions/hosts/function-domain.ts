import { parseHost } from '../../common/network/host.js';
import { DomainError } from '../../common/errors/domain-error.js';

export const functionDomainRule = 'empty or a host name of two labels or more, such as fn.example.com';

/** In lower case; undefined for what is no name of two labels or more. */
export function parseFunctionDomain(text: string): string | undefined {
  if (text === '') return text;
  const host = parseHost(text);
  return host?.kind === 'name' && host.text.includes('.') ? host.text : undefined;
}

/** Whether a name is the domain or below it. Empty means that there is no domain. */
export function isWithin(domain: string, host: string): boolean {
  return domain !== '' && (host === domain || host.endsWith(`.${domain}`));
}

/** Never says whose it is: whoever asks may not be allowed to know of that function. */
export function hostTaken(host: string): DomainError {
  return new DomainError(
    'HOST_TAKEN',
    `Another function has the host ${host}; take it from that one first, or choose another.`,
    { field: 'hosts' },
  );
}
