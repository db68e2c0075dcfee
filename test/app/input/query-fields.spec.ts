import { malformed, strict, version, type Broken } from '../../support/input/refusals.js';
import { RefusingServer } from '../../support/input/refusing-server.js';
import { formWith } from '../../support/input/upload.js';

/** Every route that takes fields in its query, and what they may be. */

interface QueryRoute {
  readonly path: string;
  readonly fields: string;
  /** A field and a value that is allowed. */
  readonly good: readonly [string, string];
  readonly broken: readonly Broken[];
}

const moment = (field: string) =>
  `${field} must be a time like 2026-01-31T12:00:00Z, or how long ago, like 90s, 5m, 2h or 7d.`;

const anyState = 'one or more of queued, running, failed, succeeded, dead, separated by commas';

const queryRoutes: Readonly<Record<string, QueryRoute>> = {
  'get /logs/{name}': {
    path: '/logs/hello',
    fields: 'invocation, since, until, level, contains, limit, before or follow',
    good: ['limit', '1'],
    broken: [
      ['limit', 'many', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '1001', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '', 'limit must be a whole number from 1 to 1000.'],
      ['follow', '1', 'follow must be true or false.'],
      ['level', 'fatal', 'level must be one of debug, info, warn, error.'],
      ['contains', '', 'contains must be text, with 1 to 256 characters.'],
    ],
  },
  'get /invocations': {
    path: '/invocations',
    fields: 'function, outcome, version, since, until or limit',
    good: ['limit', '1'],
    broken: [
      ['version', '0', version],
      ['version', 'latest', version],
      ['outcome', 'error', 'outcome must be one of success, caller, function, platform.'],
      ['since', 'yesterday', moment('since')],
      ['until', '2026-01-31', moment('until')],
      ['limit', '1e2', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '0', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '', 'limit must be a whole number from 1 to 1000.'],
    ],
  },
  'get /builds': {
    path: '/builds',
    fields: 'function or limit',
    good: ['limit', '1'],
    broken: [
      ['limit', 'x', 'limit must be a whole number from 1 to 100.'],
      ['limit', '101', 'limit must be a whole number from 1 to 100.'],
      ['limit', '', 'limit must be a whole number from 1 to 100.'],
    ],
  },
  'get /builds/{id}': {
    path: '/builds/7c9e6679-7425-40de-944b-e07fc1f90ae7',
    fields: 'follow',
    good: ['follow', 'false'],
    broken: [
      ['follow', '1', 'follow must be true or false.'],
      ['follow', '', 'follow must be true or false.'],
    ],
  },
  'get /stats': {
    path: '/stats',
    fields: 'function or minutes',
    good: ['minutes', '360'],
    broken: [
      ['minutes', '61', 'minutes must be one of 60, 360, 1440.'],
      ['minutes', '060', 'minutes must be one of 60, 360, 1440.'],
      ['minutes', '', 'minutes must be one of 60, 360, 1440.'],
      ['minutes', '1e3', 'minutes must be one of 60, 360, 1440.'],
    ],
  },
  'get /events': {
    path: '/events',
    fields: 'function, state, limit or cursor',
    good: ['limit', '1'],
    broken: [
      ['limit', '0', 'limit must be a whole number from 1 to 200.'],
      ['limit', '201', 'limit must be a whole number from 1 to 200.'],
      ['state', 'lost', `state must be ${anyState}.`],
      ['state', '', `state must be ${anyState}.`],
      ['state', 'dead,', `state must be ${anyState}.`],
      ['state', 'dead, failed', `state must be ${anyState}.`],
      ['cursor', '', 'cursor must be the cursor of an earlier response.'],
      ['cursor', '7', 'cursor must be the cursor of an earlier response.'],
      ['cursor', 'LTE', 'cursor must be the cursor of an earlier response.'],
    ],
  },
  'get /schedules': {
    path: '/schedules',
    fields: 'function, limit or cursor',
    good: ['limit', '1'],
    broken: [
      ['limit', '0', 'limit must be a whole number from 1 to 200.'],
      ['limit', '201', 'limit must be a whole number from 1 to 200.'],
      ['cursor', '', 'cursor must be the cursor of an earlier response.'],
      ['cursor', 'aGVsbG8', 'cursor must be the cursor of an earlier response.'],
    ],
  },
  'get /events/{id}': {
    path: '/events/0197f2c4-1c2e-7a53-9d1e-3f1f0c9b7a55',
    fields: 'wait',
    good: ['wait', '1'],
    broken: [
      ['wait', '61', 'wait must be a whole number from 0 to 60.'],
      ['wait', '-1', 'wait must be a whole number from 0 to 60.'],
      ['wait', '', 'wait must be a whole number from 0 to 60.'],
      ['wait', '1s', 'wait must be a whole number from 0 to 60.'],
    ],
  },
  'post /events/retry': {
    path: '/events/retry',
    fields: 'function or state',
    good: ['state', 'dead'],
    broken: [
      ['state', 'running', 'state must be one or more of dead, failed, queued, separated by commas.'],
      ['state', '', 'state must be one or more of dead, failed, queued, separated by commas.'],
    ],
  },
  'delete /events': {
    path: '/events',
    fields: 'state or function',
    good: ['function', 'hello'],
    broken: [
      [
        'state',
        'running',
        'state must be one or more of queued, failed, succeeded, dead, separated by commas.',
      ],
      ['state', '', 'state must be one or more of queued, failed, succeeded, dead, separated by commas.'],
    ],
  },
  'get /audit': {
    path: '/audit',
    fields: 'after, before, order or limit',
    good: ['after', '0'],
    broken: [
      ['limit', 'x', 'limit must be a whole number from 1 to 1000.'],
      ['limit', '1001', 'limit must be a whole number from 1 to 1000.'],
      ['after', '', 'after must be a whole number, 0 or more.'],
      ['after', '-1', 'after must be a whole number, 0 or more.'],
    ],
  },
  'post /deploy': {
    path: '/deploy',
    fields: 'strict or buildId',
    good: ['strict', 'false'],
    broken: [
      ['strict', 'yes', strict],
      ['strict', '', strict],
    ],
  },
  'put /deploy/{name}': {
    path: '/deploy/hello',
    fields: 'strict or buildId',
    good: ['strict', 'false'],
    broken: [
      ['strict', '1', strict],
      ['strict', '', strict],
    ],
  },
};

let server: RefusingServer;
beforeAll(async () => {
  server = await RefusingServer.start();
});
afterAll(() => server.close());

describe('the table of this test', () => {
  it('has every route with a query', () => {
    expect(server.routesWith('query').sort()).toEqual(Object.keys(queryRoutes).sort());
  });
});

describe.each(Object.entries(queryRoutes))('the query of %s', (route, { path, fields, good, broken }) => {
  const isUpload = route.includes('/deploy');
  const ask = (query: string) => {
    const init = isUpload ? { body: formWith() } : {};
    return server.refusalOf(route, `${path}?${query}`, init);
  };
  const [name, value] = good;

  it('may have no unknown field', async () => {
    const detail = `There is no field "nothing"; use ${fields}.`;
    expect(await ask(`${name}=${value}&nothing=1`)).toEqual(malformed('nothing', detail));
  });

  it.each(broken)('is refused where %s is %j', async (field, wrong, sentence) => {
    expect(await ask(`${field}=${String(wrong)}`)).toEqual(malformed(field, sentence));
  });

  it('may name no field twice', async () => {
    expect(await ask(`${name}=${value}&${name}=${value}`)).toEqual(
      malformed(name, `${name} must be given once.`),
    );
  });
});
