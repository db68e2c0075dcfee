import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { TrialClient, type HostileServer } from '../server.js';
import { type Assault, type Attack, type Bound, type Isolation, type Scene, untilOver } from './attack.js';
import { FairCanary, medianOf, type Plumage, type Reading, tookMsAt } from './fair-canary.js';

/** How often and how long a canary is listened to. */
export interface Pace {
  readonly rounds: number;
  readonly quietMs: number;
  readonly roundMs: number;
}

export interface Contest {
  readonly attack: Attack;
  readonly isolation: Isolation;
  /** Attackers of this kind at once. */
  readonly copies: number;
}

/** One round's calls, before and beside the attack, and what was not as it should be. */
interface Round {
  readonly quiet: readonly Reading[];
  readonly attacked: readonly Reading[];
  readonly wrongs: readonly string[];
}

export interface Verdict {
  readonly figures: string;
  /** Empty when everybody was served. */
  readonly wrongs: readonly string[];
}

export function titleOf({ attack, isolation, copies }: Contest): string {
  return `${attack.title} (${isolation}, ${copies} at once)`;
}

/**
 * The canary sings without and with the attack beside it, alternately, so that a machine which is busy with something else
 * is so in both. Of the rounds the one in the middle counts: a single stall of the machine is no verdict.
 */
export async function holdContest(
  stage: Stage,
  { attack, isolation, copies }: Contest,
  pace: Pace,
  bound: Bound,
): Promise<Verdict> {
  const { scene } = stage;
  const canary = await stage.canary(isolation, attack.plumage?.(scene, isolation));
  const assaults: Assault[] = [];
  for (let copy = 0; copy < copies; copy += 1) {
    const name = `hostile-${copy}`;
    assaults.push(await attack.prepare(scene, { name, isolation, roundMs: pace.roundMs }));
  }
  const rounds: Round[] = [];
  while (rounds.length < pace.rounds) {
    await attack.makeReady?.(scene);
    rounds.push(await holdRound(canary, assaults, pace));
  }
  return judge(rounds, bound);
}

async function holdRound(
  canary: FairCanary,
  assaults: readonly Assault[],
  { quietMs, roundMs }: Pace,
): Promise<Round> {
  const quiet = await canary.during(() => untilOver(AbortSignal.timeout(quietMs)));
  const wrongs: string[] = [];
  const attacked = await canary.during(async () => {
    const over = AbortSignal.timeout(roundMs);
    const ends = await Promise.allSettled(assaults.map((assault) => assault(over)));
    wrongs.push(...ends.filter((end) => end.status === 'rejected').map(({ reason }) => String(reason)));
  });
  const errors = [...quiet, ...attacked].filter(({ error }) => error !== '');
  if (errors.length > 0) wrongs.push(`${errors.length} calls failed, the first with ${errors[0]?.error}`);
  const lost = await canary.lost([...quiet, ...attacked]);
  if (lost !== '') wrongs.push(`lost ${lost}`);
  return { quiet, attacked, wrongs };
}

function judge(rounds: readonly Round[], { share, mostMs, timesQuiet }: Bound): Verdict {
  const at = (part: 'quiet' | 'attacked', quantile: number) =>
    medianOf(rounds.map((round) => tookMsAt(quantile, round[part])));
  const limitMs = Math.max(mostMs, timesQuiet * at('quiet', share));
  const wrongs = rounds.flatMap((round) => round.wrongs);
  const tookMs = at('attacked', share);
  // Also where there is no figure at all.
  if (!(tookMs <= limitMs))
    wrongs.push(`${share * 100} % took up to ${tookMs.toFixed(0)} ms, and should take ${limitMs.toFixed(0)}`);
  const figure = (part: 'quiet' | 'attacked') =>
    [0.5, 0.9, 0.99].map((quantile) => at(part, quantile).toFixed(1)).join(' / ');
  const calls = rounds.reduce((sum, { attacked }) => sum + attacked.length, 0);
  return {
    figures: `quiet ${figure('quiet')} ms, attacked ${figure('attacked')} ms, ${calls} calls`,
    wrongs,
  };
}

const scopes = ['functions:deploy', 'functions:read', 'functions:invoke', 'functions:delete', 'logs:read'];

/** Prints what it was sent, and answers with it. */
const sings = 'exports.handler = ({ body }) => { console.log(body); return body; };';

/** A new container for each call is much dearer: at this pace two cores are far from busy with it. */
const plumages: Readonly<Record<Isolation, Plumage>> = {
  warm: {
    name: 'canary-warm',
    code: sings,
    settings: { isolation: 'warm', minContainers: 2, maxContainers: 2 },
    callers: 2,
    pauseMs: 40,
  },
  fresh: {
    name: 'canary-fresh',
    code: sings,
    settings: { isolation: 'fresh', minContainers: 2, maxContainers: 2 },
    callers: 1,
    pauseMs: 250,
  },
};

/** Somebody outside, who greets every connection and then only listens. */
async function listenOutside() {
  const server = createServer((socket) =>
    socket
      .on('error', () => undefined)
      .resume()
      .write('hello'),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, server };
}

/** A server with keys, the canaries that have been called for, and the keys of those who attack it. */
export class Stage {
  private readonly canaries = new Map<string, FairCanary>();

  private constructor(
    readonly scene: Scene,
    private readonly otherKey: string,
    private readonly closeOutside: () => void,
  ) {}

  static async open(server: HostileServer): Promise<Stage> {
    const admin = server.client;
    const [hostileKey, otherKey] = [await keyOf(admin, 'hostile'), await keyOf(admin, 'other')];
    const outside = await listenOutside();
    const [hostile, other] = [new TrialClient(server.url, hostileKey), new TrialClient(server.url, otherKey)];
    const scene = { server, admin, hostile, hostileKey, other, outsidePort: outside.port };
    return new Stage(scene, otherKey, () => outside.server.close());
  }

  /** One of each plumage lives until the stage is closed. */
  async canary(isolation: Isolation, plumage = plumages[isolation]): Promise<FairCanary> {
    const { server, admin, other } = this.scene;
    let canary = this.canaries.get(plumage.name);
    if (!canary) {
      canary = await FairCanary.hatch(server, { admin, own: other, key: this.otherKey }, plumage);
      this.canaries.set(plumage.name, canary);
    }
    return canary;
  }

  /** Removes what the attackers have deployed. */
  async clear(): Promise<void> {
    const { admin } = this.scene;
    const left = (await admin.names()).filter((name) => !this.canaries.has(name));
    await Promise.all(left.map((name) => admin.delete(name)));
  }

  async close(): Promise<void> {
    for (const canary of this.canaries.values()) await canary.end();
    this.closeOutside();
  }
}

async function keyOf(admin: TrialClient, name: string): Promise<string> {
  const body = JSON.stringify({ name, scopes });
  const headers = { 'content-type': 'application/json' };
  const { status, text } = await admin.send('POST', '/keys', { body, headers });
  if (status !== 201) throw new Error(`Making a key: ${status} ${text}`);
  return (JSON.parse(text) as { key: string }).key;
}
