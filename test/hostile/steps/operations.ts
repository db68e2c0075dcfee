import type { Answer, Client } from '../server/client.js';

/** Something a user asks for that writes, so that its writes can fail and the server can die between them. */
export interface Operation {
  readonly title: string;
  /** Makes ready what it changes, whatever an earlier round has left of it. */
  prepare(client: Client): Promise<void>;
  perform(client: Client): Promise<Answer>;
  /** The status that acknowledges it. */
  readonly done: number;
  /** Which of the two there is; rejects when it is neither. */
  state(client: Client): Promise<'before' | 'after'>;
}

const subject = 'subject';
const says = (word: string) => `exports.handler = () => '${word}';`;

async function isDeployed(client: Client): Promise<boolean> {
  const { status, text } = await client.info(subject);
  if (status === 404) return false;
  if (status !== 200) throw new Error(`Its metadata: ${status} ${text}`);
  return true;
}

async function wordOf(client: Client): Promise<string> {
  const { status, text } = await client.call(subject);
  if (status !== 200) throw new Error(`It answers ${status} ${text}`);
  return text;
}

async function deployed(client: Client): Promise<void> {
  if (!(await isDeployed(client))) await client.mustDeploy(subject, says('old'));
}

async function absent(client: Client): Promise<void> {
  const { status, text } = await client.remove(subject);
  if (![204, 404].includes(status)) throw new Error(`Not removed: ${status} ${text}`);
}

/** There and whole, or not there. */
async function isWhole(client: Client): Promise<boolean> {
  if (!(await isDeployed(client))) return false;
  const word = await wordOf(client);
  if (word !== '"old"') throw new Error(`It says ${word}`);
  return true;
}

const changedSeconds = 17;

function patch(client: Client, timeoutSeconds: number | null): Promise<Answer> {
  return client.ask('PATCH', `/config/${subject}`, JSON.stringify({ timeoutSeconds }), {
    'content-type': 'application/merge-patch+json',
  });
}

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
  },
  {
    title: 'a deletion',
    prepare: deployed,
    perform: (client) => client.remove(subject),
    done: 204,
    state: async (client) => ((await isWhole(client)) ? 'before' : 'after'),
  },
  {
    title: 'a call',
    prepare: deployed,
    // One finds a container ready; for the others one is made.
    perform: async (client) => {
      const answers = await Promise.all([1, 2, 3].map(() => client.call(subject)));
      return answers.toSorted((a, b) => b.status - a.status)[0]!;
    },
    done: 200,
    state: async (client) => {
      if (!(await isWhole(client))) throw new Error('A call made it disappear.');
      return 'after';
    },
  },
  {
    title: 'a change of settings',
    prepare: async (client) => {
      await deployed(client);
      await patch(client, null);
    },
    perform: (client) => patch(client, changedSeconds),
    done: 200,
    state: async (client) => {
      if (!(await isWhole(client))) throw new Error('A change made it disappear.');
      const { text } = await client.ask('GET', `/config/${subject}`);
      return text.includes(`"timeoutSeconds":${changedSeconds}`) ? 'after' : 'before';
    },
  },
  {
    title: 'a new key',
    prepare: async (client) => {
      for (const id of await trialKeys(client)) await client.ask('DELETE', `/keys/${id}`);
    },
    perform: (client) =>
      client.ask('POST', '/keys', JSON.stringify({ name: keyName, scopes: ['functions:read'] }), {
        'content-type': 'application/json',
      }),
    done: 201,
    state: async (client) => ((await trialKeys(client)).length > 0 ? 'after' : 'before'),
  },
];
