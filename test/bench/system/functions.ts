/** The functions that are measured, and how they are deployed and removed. */
import { randomBytes } from 'node:crypto';
import type { Client } from '../../support/client.js';
import { zipOf } from '../../support/zip.js';

/** Reads JSON and answers JSON: the least that a function of some use does. */
export const HELLO_SOURCE = `exports.handler = async (req) => {
  const { name } = await req.json();
  return { statusCode: 200, headers: {}, body: { message: \`Hello \${name}!\` } };
};
`;

/** The same for functions-framework. */
export const FRAMEWORK_SOURCE = `exports.hello = async (req, res) => {
  const { name } = req.body;
  res.status(200).json({ message: \`Hello \${name}!\` });
};
`;

/** Waits as a function does that asks a database. */
const waitingSource = (waitMs: number) => `exports.handler = async (req) => {
  const { name } = await req.json();
  await new Promise((resolve) => setTimeout(resolve, ${waitMs}));
  return { statusCode: 200, headers: {}, body: { message: \`Hello \${name}!\` } };
};
`;

export const REQUEST_BODY = '{"name":"Glambdar"}';
export const EXPECTED_TEXT = '{"message":"Hello Glambdar!"}';

export const HELLO_ZIP = zipOf({ 'index.js': HELLO_SOURCE });

export function waitingZip(waitMs: number): Buffer {
  return zipOf({ 'index.js': waitingSource(waitMs) });
}

const PARTS = 5;

/** An archive of about this size that does not compress, as with dependencies that are compressed already. */
export function largeZip(bytes: number): Buffer {
  const parts = Array.from(
    { length: PARTS },
    (_, index) => [`assets/${index}.bin`, randomBytes(Math.floor(bytes / PARTS))] as const,
  );
  return zipOf({ 'index.js': HELLO_SOURCE, ...Object.fromEntries(parts) });
}

export interface CallTarget {
  readonly port: number;
  readonly path: string;
  readonly body: string;
  readonly expectedText: string;
  readonly headers?: Readonly<Record<string, string>>;
}

/** Where a generator sends the calls of a function, and what they have to bring back. */
export function callsOf(server: { port: number }, name: string): CallTarget {
  return {
    port: server.port,
    path: `/invoke/${name}`,
    body: REQUEST_BODY,
    expectedText: EXPECTED_TEXT,
  };
}

/** The same calls handed over as events: each answer says that it is on the disk. */
export function eventsOf(server: { port: number }, name: string): CallTarget {
  return { ...callsOf(server, name), headers: { prefer: 'respond-async' }, expectedText: '"state":"queued"' };
}

export interface FunctionSettings {
  readonly isolation?: 'fresh' | 'warm';
  readonly minContainers?: number;
  readonly maxContainers?: number;
  readonly idleTimeoutSeconds?: number;
  readonly maxQueuedEvents?: number;
}

/**
 * The settings of the `warm` functions that are measured beside something else: with two containers on two cores they
 * leave that something its share.
 */
export const WARM: FunctionSettings = { isolation: 'warm', maxContainers: 2 };

/**
 * And of the one that is called as fast as it can answer. With eight calls in flight the server finds several answers
 * whenever it looks, and wakes and is woken less often for each: a third more calls than with two.
 */
export const WARM_SATURATED: FunctionSettings = { isolation: 'warm', maxContainers: 8 };

interface Deployable {
  readonly client: Client;
}

/** Resolves when the deploy is acknowledged; rejects when the server warns of it, because its code does not load. */
export async function deploy(
  { client }: Deployable,
  name: string,
  zip: Buffer,
  settings?: FunctionSettings,
): Promise<void> {
  const { warnings = [] } = (await client.deploy(name, zip, settings)).json as { warnings?: string[] };
  if (warnings.length > 0) throw new Error(`Deploying ${name} warns: ${warnings.join(' ')}`);
}

export async function undeploy({ client }: Deployable, name: string): Promise<void> {
  const { status } = await client.delete(name);
  if (status !== 204) throw new Error(`Deleting ${name} answered ${status}.`);
}
