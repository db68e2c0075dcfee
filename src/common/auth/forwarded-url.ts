/** The begin of the URL by which a client called, as far as trusted proxies on the way have said it. */
export interface ForwardedUrl {
  readonly scheme: 'http' | 'https' | undefined;
  /** With its port where that is not the scheme's own. */
  readonly host: string | undefined;
  /** What proxies have taken off the front of the path: empty, or `/` and more, without a slash at its end. */
  readonly prefix: string;
}
