import type { Answer } from '../../support/client.js';
import type { TrialClient } from '../server.js';

/** The function that the operations are about; it says which version it is. */
const subject = 'subject';
const says = (word: string) => `exports.handler = () => '${word}';`;

async function isDeployed(client: TrialClient): Promise<boolean> {
  const { status, text } = await client.get(`/info/${subject}`);
  if (status === 404) return false;
  if (status !== 200) throw new Error(`Its metadata: ${status} ${text}`);
  return true;
}

/** It says one of the two words; true when it is the first. */
async function isNow(client: TrialClient, expected: string, other: string): Promise<boolean> {
  const { status, text } = await client.invoke(subject);
  if (status !== 200) throw new Error(`It answers ${status} ${text}`);
  if (![expected, other].some((word) => text === `"${word}"`)) throw new Error(`It says ${text}`);
  return text === `"${expected}"`;
}

/** There and whole, or not there. */
async function isWhole(client: TrialClient): Promise<boolean> {
  return (await isDeployed(client)) && (await isNow(client, 'old', 'old'));
}

async function mustBeWhole(client: TrialClient): Promise<void> {
  if (!(await isWhole(client))) throw new Error('It disappeared.');
}

async function absent(client: TrialClient): Promise<void> {
  const { status, text } = await client.delete(subject);
  if (![204, 404].includes(status)) throw new Error(`Not removed: ${status} ${text}`);
}

/** Whatever it was before. */
async function anew(client: TrialClient): Promise<void> {
  await absent(client);
  await client.deploy(subject, says('old'));
}

async function published(client: TrialClient, word: string): Promise<void> {
  const { status, text } = await client.publish(subject, says(word));
  if (status !== 200) throw new Error(`Not published: ${status} ${text}`);
}

/** The steps that make a change safe against a crash, each in its order; other writes come between them. */
const arrives = ['mkdir staging/*', 'open staging/*/upload.zip', 'writeFile staging/*/upload.zip'];
const isUnpacked = [
  'mkdirSync staging/*/code',
  'openSync staging/*/code/index.js',
  'writeFileSync staging/*/code/index.js',
  'sync staging/*/code/index.js',
  'sync staging/*/code',
];
const isPublished = [
  'rename staging/*/code functions/subject/*',
  'sync functions/subject/*',
  'sync functions/subject',
  'sync functions',
];
const isInserted = [
  'glambdar: begin',
  'glambdar: insert into "functions"',
  'glambdar: insert into "versions"',
  'glambdar: commit',
];
const isUpdated = [
  'glambdar: begin',
  'glambdar: update "functions" set',
  'glambdar: insert into "versions"',
  'glambdar: commit',
];

export const protocols = {
  deployment: [...arrives, ...isUnpacked, ...isPublished, ...isInserted, 'answer'],
  newVersion: [...arrives, ...isUnpacked, ...isPublished, ...isUpdated, 'answer'],
  change: [...isUpdated, 'answer'],
  deletion: [
    'glambdar: delete from "functions"',
    'rename functions/subject/* staging/*',
    'rm staging/*',
    'rmdir functions/subject',
    'answer',
  ],
  call: ['mkdir run/*', 'mkdir run/*/code', 'listen', 'answer'],
  newKey: [
    'access: begin',
    'access: insert into "keys"',
    'access: insert into "audit"',
    'access: commit',
    'answer',
  ],
  /** The records open last, on a thread of their own. */
  firstStart: [
    'fsyncSync installation-id.new',
    'renameSync installation-id.new installation-id',
    'glambdar: commit',
    'access: commit',
    'records: commit',
  ],
} as const;

/** Something a user asks for that writes, so that its writes can fail and the server can die between them. */
export interface Operation {
  readonly title: string;
  /** Makes ready what it changes, whatever an earlier round has left of it. */
  prepare(client: TrialClient): Promise<void>;
  perform(client: TrialClient): Promise<Answer>;
  /** The status that acknowledges it. */
  readonly done: number;
  /** Which of the two there is, `either` where they do not differ; rejects when it is neither. */
  state(client: TrialClient): Promise<'before' | 'after' | 'either'>;
  /** Steps that it must have, in their order. */
  readonly protocol: readonly string[];
}

const json = { 'content-type': 'application/json' };
const mergePatch = { 'content-type': 'application/merge-patch+json' };
const changedSeconds = 17;

const secretPath = `/secrets/${subject}/TOKEN`;
const keyName = 'made in a trial';
interface Keys {
  readonly keys: readonly { readonly id: string; readonly name: string; readonly revokedAt: string | null }[];
}

async function trialKeys(client: TrialClient): Promise<readonly string[]> {
  const { keys } = JSON.parse((await client.get('/keys')).text) as Keys;
  return keys.filter(({ name, revokedAt }) => name === keyName && revokedAt === null).map(({ id }) => id);
}

export const operations: readonly Operation[] = [
  {
    title: 'a deployment',
    prepare: absent,
    perform: (client) => client.upload(`${subject}.zip`, says('old')),
    done: 201,
    state: async (client) => ((await isWhole(client)) ? 'after' : 'before'),
    protocol: protocols.deployment,
  },
  {
    title: 'a deletion',
    prepare: anew,
    perform: (client) => client.delete(subject),
    done: 204,
    state: async (client) => ((await isWhole(client)) ? 'before' : 'after'),
    protocol: protocols.deletion,
  },
  {
    title: 'a new version',
    prepare: anew,
    perform: (client) => client.publish(subject, says('new')),
    done: 200,
    state: async (client) => ((await isNow(client, 'new', 'old')) ? 'after' : 'before'),
    protocol: protocols.newVersion,
  },
  {
    title: 'a rollback',
    prepare: async (client) => {
      await anew(client);
      await published(client, 'new');
    },
    perform: (client) => client.rollBack(subject, 1),
    done: 200,
    state: async (client) => ((await isNow(client, 'old', 'new')) ? 'after' : 'before'),
    protocol: protocols.change,
  },
  {
    title: 'a call',
    prepare: anew,
    // One finds a container ready; for the others one is made.
    perform: async (client) => {
      const answers = await Promise.all([1, 2, 3].map(() => client.invoke(subject)));
      return answers.toSorted((a, b) => b.status - a.status)[0]!;
    },
    done: 200,
    state: async (client) => {
      await mustBeWhole(client);
      return 'either';
    },
    protocol: protocols.call,
  },
  {
    title: 'a change of settings',
    prepare: anew,
    perform: (client) => {
      const change = JSON.stringify({ timeoutSeconds: changedSeconds });
      return client.send('PATCH', `/settings/${subject}`, { body: change, headers: mergePatch });
    },
    done: 200,
    state: async (client) => {
      await mustBeWhole(client);
      const { text } = await client.get(`/settings/${subject}`);
      return text.includes(`"timeoutSeconds":${changedSeconds}`) ? 'after' : 'before';
    },
    protocol: protocols.change,
  },
  {
    title: 'a secret',
    prepare: anew,
    perform: (client) =>
      client.send('PUT', secretPath, { body: JSON.stringify({ value: 'hidden' }), headers: json }),
    done: 200,
    state: async (client) => {
      await mustBeWhole(client);
      const { text } = await client.get(`/secrets/${subject}`);
      return text.includes('"TOKEN"') ? 'after' : 'before';
    },
    protocol: protocols.change,
  },
  {
    title: 'a new key',
    prepare: async (client) => {
      for (const id of await trialKeys(client)) await client.send('DELETE', `/keys/${id}`);
    },
    perform: (client) =>
      client.send('POST', '/keys', {
        body: JSON.stringify({ name: keyName, scopes: ['functions:read'] }),
        headers: json,
      }),
    done: 201,
    state: async (client) => ((await trialKeys(client)).length > 0 ? 'after' : 'before'),
    protocol: protocols.newKey,
  },
];
