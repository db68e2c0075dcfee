import type { Random } from '../support/archives/mutations.js';
import type { TrialClient } from './server.js';
import { withServer } from './with-server.js';
import { attack, inParallel, type Trial, upTo } from './trial.js';

/**
 * Hides the secret of its call wherever it can, and returns all it finds: what it kept itself, files, environment, what
 * other processes show. The text it returns may hold secrets only of calls that it may know of.
 */
const code = `
const fs = require('node:fs');
const kept = [];
const list = (directory) => { try { return fs.readdirSync(directory); } catch { return []; } };
const read = (file) => { try { return fs.readFileSync(file, 'latin1'); } catch { return ''; } };
exports.handler = async (event) => {
  const secret = event.headers['x-secret'] + ' ' + event.body;
  const found = [
    kept.slice(-20), globalThis.kept, { ...process.env }, process.argv, Object.prototype.kept,
    list('/tmp').slice(0, 20).map((name) => name + read('/tmp/' + name)),
    list('/proc').filter((name) => /^[0-9]+$/.test(name)).map((id) => read('/proc/' + id + '/environ') + read('/proc/' + id + '/cmdline')),
    ['/glambdar', '/glambdar/code', '/dev', '/dev/shm', '/dev/mqueue', '/run'].map(list),
  ];
  kept.push(secret);
  globalThis.kept = secret;
  process.env.KEPT = secret;
  fs.writeFileSync('/tmp/' + (kept.length % 20), secret);
  return { body: { own: secret, found } };
};`;

interface Target {
  readonly name: string;
  readonly isolation: 'fresh' | 'warm';
  readonly calls: number;
}

/** Each call carries a secret of its own, over several functions at once: nobody sees one that is not its own. */
attack({
  name: 'secrets',
  quick: 330,
  full: 10_500,
  run: (trial) =>
    withServer(trial, {}, async ({ client }) => {
      const targets = targetsOf(trial);
      for (const { name, isolation } of targets) await client.deploy(name, code, { isolation });
      await inParallel(targets, targets.length, async (target) => {
        const width = target.isolation === 'warm' ? 4 : 1;
        await inParallel(upTo(target.calls), width, (call) =>
          trial.case(`${target.name}, call ${call}`, () =>
            seesOnlyItsOwn(client, target, secretFor(target, call, trial.random)),
          ),
        );
      });
    }),
});

/** One call in 21 is of a `fresh` function in the full run; in the quick one, one in 11. */
function targetsOf({ count, isFull }: Trial): readonly Target[] {
  const fresh = Math.floor(count / (isFull ? 21 : 11));
  const of = (isolation: Target['isolation'], calls: number) =>
    ['a', 'b', 'c'].map((letter, index) => ({
      name: `${isolation}-${letter}`,
      isolation,
      calls: Math.floor((calls + index) / 3),
    }));
  return [...of('warm', count - fresh), ...of('fresh', fresh)];
}

function secretFor({ name }: Target, call: number, random: Random): string {
  return `secret:${name}:${call}:${random(2 ** 32).toString(36)};`;
}

async function seesOnlyItsOwn(
  client: TrialClient,
  { name, isolation }: Target,
  secret: string,
): Promise<void> {
  const { status, text } = await client.invoke(name, secret, { 'x-secret': secret });
  if (status !== 200) throw new Error(`${status} ${text}`);
  const seen = new Set(text.match(/secret:[^;]*;/g));
  if (!seen.has(secret)) throw new Error('It did not see its own.');
  const mayKnow = (other: string) =>
    other === secret || (isolation === 'warm' && other.startsWith(`secret:${name}:`));
  const foreign = [...seen].filter((other) => !mayKnow(other));
  if (foreign.length > 0) throw new Error(`It saw ${foreign.join(' ')}`);
  if (isolation === 'fresh' && text.split(secret).length !== 3)
    throw new Error('It was there before its call.');
}
