import { DomainError } from '../../common/errors/domain-error.js';

/** Whether a change may be made to a function that is at this revision. */
export type RevisionCondition = (revision: number) => boolean;

const list = /^\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*"(?:\s*,\s*(?:W\/)?"[\x21\x23-\x7e\x80-\xff]*")*\s*$/;
const member = /(W\/)?"([^"]*)"/g;

/** The settings' entity tag: a change of version, settings or secrets gives them another one. */
export function entityTagOf(revision: number): string {
  return `"${revision}"`;
}

/**
 * What `If-Match` asks for (RFC 9110, 13.1.1); anything goes without it. Compared strongly, so a weak tag never matches.
 * Throws `MALFORMED_REQUEST` for what is no list of entity tags.
 */
export function conditionOf(ifMatch: string | undefined): RevisionCondition {
  if (ifMatch === undefined || ifMatch.trim() === '*') return () => true;
  if (!list.test(ifMatch)) {
    const message = 'If-Match must be the ETag of GET /settings/:name, in its quotation marks, or *.';
    throw new DomainError('MALFORMED_REQUEST', message, { field: 'If-Match' });
  }
  const tags = [...ifMatch.matchAll(member)].filter(([, weak]) => weak === undefined).map(([tag]) => tag);
  return (revision) => tags.includes(entityTagOf(revision));
}
