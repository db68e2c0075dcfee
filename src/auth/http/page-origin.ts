const originForm = /^https?:\/\/(?:[a-z0-9._-]{1,253}|\[[0-9a-f:.]{2,45}\])(?::\d{1,5})?$/i;

/** The origin as browsers write it, without the port that is its scheme's own; undefined for `null` and what is none. */
export function originOf(text: string): string | undefined {
  return originForm.test(text) ? URL.parse(text)?.origin : undefined;
}

/** The origin of a page, of which all of the URL is known. */
export function originOfPage(url: string): string | undefined {
  return originOf(/^[^/]+\/\/[^/?#]+/.exec(url)?.[0] ?? '');
}
