import type { HeaderValues } from '../../ipc/protocol/messages.js';

/** What browsers show as a document of its origin, in which scripts run: HTML, and XML of any kind, SVG among it. */
const document = /^\s*(text\/html|(text|application)\/xml|[\w.+-]+\/[\w.+-]+\+xml|multipart\/)/i;

/** What most calls are answered with, so that nothing is looked for in it. */
const noDocument = 'application/json';

/** All that a page may do but to be of the server's origin: the reach of its scripts ends at the page. */
const sandbox =
  'sandbox allow-scripts allow-forms allow-popups allow-modals allow-downloads allow-pointer-lock allow-presentation';

const none: HeaderValues = {};

/** For operators who trust all functions with their pages. */
export function withoutSandbox(): HeaderValues {
  return none;
}

/**
 * A function's page has the same origin as the management API, whose powers its scripts would share; so the browser is
 * told to give it an origin of its own (https://www.w3.org/TR/CSP3/#directive-sandbox). Several policies all hold, so
 * the function's own stays.
 */
export function sandboxOf(headers: HeaderValues): HeaderValues {
  const contentType = headers['content-type'];
  const type = typeof contentType === 'string' ? contentType : contentType?.[0];
  if (type === undefined || type === noDocument || !document.test(type)) return none;
  const own = headers['content-security-policy'] ?? [];
  return { 'content-security-policy': [...(typeof own === 'string' ? [own] : own), sandbox] };
}
