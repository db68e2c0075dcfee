import type { Answer, Client } from '../server/client.js';
import { protocols } from './protocols.js';
import { absent, anew, isNow, isWhole, mustBeWhole, published, says, subject } from './subject.js';

/** Something a user asks for that writes, so that its writes can fail and the server can die between them. */
export interface Operation {
  readonly title: string;
  /** Makes ready what it changes, whatever an earlier round has left of it. */
  prepare(client: Client): Promise<void>;
  perform(client: Client): Promise<Answer>;
  /** The status that acknowledges it. */
  readonly done: number;
  /** Which of the two there is, `either` where they do not differ; rejects when it is neither. */
  state(client: Client): Promise<'before' | 'after' | 'either'>;
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

async function trialKeys(client: Client): Promise<readonly string[]> {
  const { keys } = JSON.parse((await client.ask('GET', '/keys')).text) as Keys;
  return keys.filter(({ name, revokedAt }) => name === keyName && revokedAt === null).map(({ id }) => id);
}

export const operations: readonly Operation[] = [
  {
    title: 'a deployment',
    prepare: absent,
    perform: (client) => client.deploy(subject, says('old')),
    done: 201,
    state: async (client) => ((await isWhole(client)) ? 'after' : 'before'),
    protocol: protocols.deployment,
  },
  {
    title: 'a deletion',
    prepare: anew,
    perform: (client) => client.remove(subject),
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
      const answers = await Promise.all([1, 2, 3].map(() => client.call(subject)));
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
      return client.ask('PATCH', `/settings/${subject}`, change, mergePatch);
    },
    done: 200,
    state: async (client) => {
      await mustBeWhole(client);
      const { text } = await client.ask('GET', `/settings/${subject}`);
      return text.includes(`"timeoutSeconds":${changedSeconds}`) ? 'after' : 'before';
    },
    protocol: protocols.change,
  },
  {
    title: 'a secret',
    prepare: anew,
    perform: (client) => client.ask('PUT', secretPath, JSON.stringify({ value: 'hidden' }), json),
    done: 200,
    state: async (client) => {
      await mustBeWhole(client);
      const { text } = await client.ask('GET', `/secrets/${subject}`);
      return text.includes('"TOKEN"') ? 'after' : 'before';
    },
    protocol: protocols.change,
  },
  {
    title: 'a new key',
    prepare: async (client) => {
      for (const id of await trialKeys(client)) await client.ask('DELETE', `/keys/${id}`);
    },
    perform: (client) =>
      client.ask('POST', '/keys', JSON.stringify({ name: keyName, scopes: ['functions:read'] }), json),
    done: 201,
    state: async (client) => ((await trialKeys(client)).length > 0 ? 'after' : 'before'),
    protocol: protocols.newKey,
  },
];
