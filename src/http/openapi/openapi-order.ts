import type { OpenAPIObject } from '@nestjs/swagger';

/** The groups of the page, in the order in which somebody needs them who has just started the server. */
export const tags = [
  { name: 'functions', description: 'Deploy, list and change functions.' },
  { name: 'calls', description: 'Call functions.' },
  { name: 'secrets', description: 'Values that only a function can read.' },
  { name: 'records', description: 'What functions printed, and their past calls.' },
  { name: 'health', description: 'For supervisors and load balancers.' },
  { name: 'metrics', description: 'For Prometheus.' },
  { name: 'access', description: 'Keys, and who changed what.' },
  { name: 'documentation', description: 'This server and its documentation.' },
];

/** Paths by their first segment, in the same order. */
const segments = [
  'deploy',
  'invoke',
  'info',
  'config',
  'versions',
  'rollback',
  'del',
  'secrets',
  'logs',
  'invocations',
  'health',
  'metrics',
  'keys',
  'audit',
];

/** What is deployed first comes first; what has no place of its own comes last. */
export function inOrder(paths: OpenAPIObject['paths']): OpenAPIObject['paths'] {
  return Object.fromEntries(Object.entries(paths).sort(([one], [other]) => placeOf(one) - placeOf(other)));
}

function placeOf(path: string): number {
  const place = segments.indexOf(path.split('/')[1] ?? '');
  return place < 0 ? segments.length : place;
}
