import { ManualClock } from '../fakes/manual-clock.js';
import { HostilePeer } from '../support/hostile-peer.js';
import { invokeMessage, loadMessage } from '../support/messages.js';
import { TemporaryIpc } from '../support/temporary-ipc.js';
import type { WorkerEndpoint } from '../../src/ipc/worker-dialect.js';
import type { WorkerResult, WorkerSession } from '../../src/ipc/worker-session.js';
import { phases, randomBytes, scripts, type Phase } from './frames/byte-sequences.js';
import { leftHere, ownHoldings } from './holdings.js';
import { within } from '../support/eventually.js';
import { attack, type Trial } from './trial.js';

const settleTimeoutMs = 60_000;

/** Bytes of every kind, at every moment of the conversation, over real sockets. */
attack({
  name: 'frames',
  quick: 500,
  full: 10_000,
  async run(trial) {
    const clock = new ManualClock();
    const ipc = new TemporaryIpc(clock);
    const stage = new Stage(ipc, clock);
    const scripted = trial.isFull ? scripts : scripts.filter((_, index) => index % 3 === 0);
    // Once through every path, so that what is made once is there before anything is measured.
    for (const { bytes } of scripted)
      for (const phase of phases) await stage.play(phase, [bytes]).catch(() => undefined);
    const before = await ownHoldings();
    for (const { title, bytes, legalIn } of scripted)
      for (const phase of phases)
        await trial.case(`${title} while ${phase}`, async () => {
          const end = await stage.play(phase, [bytes]);
          const isLegal = legalIn.includes(phase);
          if ((end.kind === 'violation') === isLegal)
            throw new Error(`It ended as ${end.kind}: ${end.reason}.`);
        });
    await playRandom(trial, stage);
    trial.measured(await leftHere(before));
    ipc.remove();
  },
});

async function playRandom(trial: Trial, stage: Stage): Promise<void> {
  for (let round = 0; round < trial.count; round += 1) {
    const phase = phases[trial.random(phases.length)] ?? 'busy';
    const chunks = randomBytes(trial.random);
    const hex = () => chunks.map((chunk) => chunk.subarray(0, 200).toString('hex')).join(' ');
    await trial.case(`random ${round} while ${phase}`, async () => {
      await stage.play(phase, chunks).catch((error: unknown) => {
        throw new Error(`${String(error)} after ${hex()}`);
      });
    });
  }
}

/** The host's side, with one peer at a time. */
class Stage {
  constructor(
    private readonly ipc: TemporaryIpc,
    private readonly clock: ManualClock,
  ) {}

  /** A worker that rests is read again after a while: a millisecond goes by with each turn of the event loop. */
  private letTimePass(): () => void {
    let isOver = false;
    const turn = () => {
      if (isOver) return;
      this.clock.advance(1);
      setImmediate(turn);
    };
    setImmediate(turn);
    return () => {
      isOver = true;
    };
  }

  /** Brings a session to the phase, says the bytes, leaves, and gives how the session ended. */
  async play(phase: Phase, chunks: readonly Buffer[]) {
    const endpoint = await this.ipc.service.open();
    const peer = await HostilePeer.connectedTo(endpoint);
    const stopTime = this.letTimePass();
    try {
      const act = new Act(endpoint, peer);
      await act.reach(phase);
      for (const chunk of chunks) peer.write(chunk);
      peer.halfClose();
      const end = await within(settleTimeoutMs, 'The end of the session', act.end());
      const answer = await within(settleTimeoutMs, 'The answer to the call', act.outcome());
      if (answer?.head && (answer.head.statusCode < 200 || answer.head.statusCode > 599))
        throw new Error('A status that HTTP has not.');
      return end;
    } finally {
      stopTime();
      await endpoint.close();
      peer.destroy();
      if (this.clock.pendingTimers > 0) throw new Error('It left a timer.');
    }
  }
}

class Act {
  private session: WorkerSession | undefined;
  private answer: Promise<WorkerResult | undefined> = Promise.resolve(undefined);

  constructor(
    private readonly endpoint: WorkerEndpoint,
    private readonly peer: HostilePeer,
  ) {}

  async reach(phase: Phase): Promise<void> {
    if (phase === 'connected') return;
    this.peer.hello();
    this.session = await this.endpoint.session;
    if (phase === 'prewarmed') return;
    const loading = this.session.load(loadMessage);
    loading.catch(() => undefined);
    if (phase === 'loading') return;
    this.peer.say({ type: 'ready' });
    await loading;
    if (phase === 'ready') return;
    const answer = this.session.invoke(invokeMessage, Buffer.from('body'));
    this.answer = answer.catch(() => undefined);
    if (phase === 'busy') return;
    const streams = phase === 'streaming';
    this.peer.say({ type: 'result', invocationId: 'call-1', statusCode: 200, headers: {}, streams });
    await answer;
  }

  async end(): Promise<{ readonly kind: string; readonly reason: string }> {
    if (this.session) return this.session.gone;
    return this.endpoint.session.then(
      (session) => session.gone,
      (error: unknown) => error as { kind: string; reason: string },
    );
  }

  outcome(): Promise<WorkerResult | undefined> {
    return this.answer;
  }
}
