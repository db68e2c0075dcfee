import type { Client } from '../server/client.js';

/** The function that the operations are about; it says which version it is. */
export const subject = 'subject';
export const says = (word: string) => `exports.handler = () => '${word}';`;

async function isDeployed(client: Client): Promise<boolean> {
  const { status, text } = await client.info(subject);
  if (status === 404) return false;
  if (status !== 200) throw new Error(`Its metadata: ${status} ${text}`);
  return true;
}

/** It says one of the two words; true when it is the first. */
export async function isNow(client: Client, expected: string, other: string): Promise<boolean> {
  const { status, text } = await client.call(subject);
  if (status !== 200) throw new Error(`It answers ${status} ${text}`);
  if (![expected, other].some((word) => text === `"${word}"`)) throw new Error(`It says ${text}`);
  return text === `"${expected}"`;
}

/** There and whole, or not there. */
export async function isWhole(client: Client): Promise<boolean> {
  return (await isDeployed(client)) && (await isNow(client, 'old', 'old'));
}

export async function mustBeWhole(client: Client): Promise<void> {
  if (!(await isWhole(client))) throw new Error('It disappeared.');
}

export async function absent(client: Client): Promise<void> {
  const { status, text } = await client.remove(subject);
  if (![204, 404].includes(status)) throw new Error(`Not removed: ${status} ${text}`);
}

/** Whatever it was before. */
export async function anew(client: Client): Promise<void> {
  await absent(client);
  await client.mustDeploy(subject, says('old'));
}

export async function published(client: Client, word: string): Promise<void> {
  const { status, text } = await client.publish(subject, says(word));
  if (status !== 200) throw new Error(`Not published: ${status} ${text}`);
}
