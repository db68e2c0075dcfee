import { rawRequest } from '../../support/raw-connection.js';
import { inLanesUntil, withinASecond, type Attack, type Scene } from './attack.js';
import { holdStubborn } from './stubborn-socket.js';

const answerBytes = 5 * 1024 ** 2;
const unreadAnswers = 24;
const followers = 12;
/** More than are read or wait at the same time. */
const searches = 48;
const callsOfLongLog = 40;

const large = `exports.handler = () => 'x'.repeat(${answerBytes});`;
const talks = `exports.handler = () => { for (let n = 0; n < 50; n += 1) console.log('x'.repeat(1000)); };`;

/** Answers that nobody takes. */
export const readingAttacks: readonly Attack[] = [
  {
    title: 'large answers that nobody reads, while another key gets one',
    isolations: ['warm', 'fresh'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      const { server, admin, hostileKey } = scene;
      await admin.mustDeploy(name, large, { isolation });
      await admin.mustDeploy(`${name}-of-another`, large, { isolation });
      const asked = rawRequest('POST', `/invoke/${name}`, '', [`Authorization: Bearer ${hostileKey}`]);
      return async (over) => {
        const holding = holdStubborn(over, server.port, unreadAnswers, () => asked);
        await inLanesUntil(over, 1, () => readWhole(scene, `${name}-of-another`));
        await holding;
      };
    },
  },
  {
    title: 'followers of a log that read nothing, while another key follows',
    isolations: ['warm'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      const { server, admin, hostile, hostileKey } = scene;
      await admin.mustDeploy(name, talks, { isolation });
      await admin.mustDeploy(`${name}-of-another`, talks, { isolation });
      const path = `/logs/${name}?follow=true`;
      const asked = rawRequest('GET', path, '', [`Authorization: Bearer ${hostileKey}`]);
      return async (over) => {
        const holding = holdStubborn(over, server.port, followers, () => asked);
        const talking = inLanesUntil(over, 2, () => hostile.callUntil(over, name));
        await inLanesUntil(over, 1, () => followOnce(scene, `${name}-of-another`));
        await Promise.all([holding, talking]);
      };
    },
  },
  {
    title: 'searches of a long log with one key, while another key reads',
    isolations: ['warm'],
    bound: withinASecond,
    async prepare(scene, { name, isolation }) {
      const { admin, hostile } = scene;
      await admin.mustDeploy(name, talks, { isolation });
      for (let call = 0; call < callsOfLongLog; call += 1) await hostile.call(name);
      return async (over) => {
        const path = `/logs/${name}?contains=nowhere`;
        const searching = inLanesUntil(over, searches, () =>
          hostile.ask('GET', path, undefined, {}, over).catch(() => undefined),
        );
        await inLanesUntil(over, 1, () => readOwn(scene, name));
        await searching;
      };
    },
  },
];

async function readWhole({ other }: Scene, name: string): Promise<void> {
  const { status, text, isBrokenOff } = await other.call(name);
  if (status !== 200 || isBrokenOff || text.length < answerBytes)
    throw new Error(`Another key's large answer was ${status} and had ${text.length} characters`);
}

/** Rejects unless a new follower is let in and is told what the function prints. */
async function followOnce({ other, server }: Scene, name: string): Promise<void> {
  await other.call(name);
  const leave = new AbortController();
  const response = await fetch(`${server.url}/logs/${name}?follow=true`, {
    headers: other.headers,
    signal: leave.signal,
  });
  if (response.status !== 200)
    throw new Error(`Another key's follower: ${response.status} ${await response.text()}`);
  await response.body?.getReader().read();
  leave.abort();
}

async function readOwn({ other }: Scene, name: string): Promise<void> {
  const { status, text } = await other.ask('GET', `/invocations?function=${name}`);
  if (status !== 200) throw new Error(`Another key's reading: ${status} ${text}`);
}
