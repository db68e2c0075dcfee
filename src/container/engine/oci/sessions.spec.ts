import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ManualClock } from '../../../../test/fakes/manual-clock.js';
import { EngineError } from '../container-engine.js';
import type { Launcher } from './launcher-process.js';
import { LauncherPlace, type LauncherQuestion } from './launcher/messages.js';
import type { Session } from './session.js';
import { Sessions } from './sessions.js';

const minuteMs = 60_000;
const image = { rootDirectory: '/images/1' };
/** So many pings in sequence without an answer end a launcher. */
const mostUnanswered = 10;

/** Answers everything at once, or nothing. */
class FakeLauncher implements Launcher {
  readonly asked: LauncherQuestion[] = [];
  answers = true;
  isRunning = true;
  private readonly gone: PromiseWithResolvers<void> = Promise.withResolvers();

  get died(): Promise<void> {
    return this.gone.promise;
  }

  async ask(question: LauncherQuestion): Promise<string> {
    this.asked.push(question);
    if (!this.isRunning) throw new EngineError('unreachable', 'as told');
    if (!this.answers) throw new EngineError('timeout', 'as told');
    return '';
  }

  seen(path: string): string {
    return path;
  }

  async stop(): Promise<void> {
    this.isRunning = false;
    this.gone.resolve();
  }
}

let directory: string;
let clock: ManualClock;
let launchers: FakeLauncher[];
let starts: boolean;
let died: Session[];
let sessions: Sessions;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'gl-sessions-'));
  clock = new ManualClock();
  launchers = [];
  starts = true;
  died = [];
  sessions = new Sessions(
    clock,
    new LauncherPlace(directory),
    { launcher: new URL('file:///launcher.js'), pingTimeoutMs: 10, callTimeoutMs: 100 },
    { onEnded: () => undefined, onDied: (session) => void died.push(session) },
    async () => {
      if (!starts) throw new EngineError('unreachable', 'the launcher does not start');
      const launcher = new FakeLauncher();
      launchers.push(launcher);
      return launcher;
    },
  );
});
afterEach(() => {
  rmSync(directory, { recursive: true });
});

const settled = () => new Promise((resolve) => setImmediate(resolve));

describe('the launcher', () => {
  it('starts when it is first needed, once for all who need it', async () => {
    expect(launchers).toEqual([]);
    const [first, second] = await Promise.all([sessions.current(), sessions.current()]);
    await sessions.ping();
    expect(first).toBe(second);
    expect(launchers.length).toBe(1);
  });

  it('starts again after it died, and its session is told of', async () => {
    const first = await sessions.current();
    await launchers[0]?.stop();
    await settled();
    expect(died).toEqual([first]);
    expect(await sessions.current()).not.toBe(first);
  });

  it('that does not start is unreachable, and is tried again by the next', async () => {
    starts = false;
    await expect(sessions.current()).rejects.toMatchObject({ kind: 'unreachable' });
    await expect(sessions.ping()).rejects.toMatchObject({ kind: 'unreachable' });
    starts = true;
    await expect(sessions.ping()).resolves.toBeUndefined();
  });

  it('is ended after ten pings in sequence without an answer, and the next ping finds another', async () => {
    await sessions.current();
    const [launcher] = launchers;
    launcher!.answers = false;
    for (let ping = 1; ping < mostUnanswered; ping += 1)
      await expect(sessions.ping()).rejects.toMatchObject({ kind: 'timeout' });
    expect(launcher!.isRunning).toBe(true);
    await expect(sessions.ping()).rejects.toMatchObject({ kind: 'timeout' });
    expect(launcher!.isRunning).toBe(false);
    await settled();
    await expect(sessions.ping()).resolves.toBeUndefined();
    expect(launchers.length).toBe(2);
  });

  it('that answers now and then is left alone', async () => {
    await sessions.current();
    const [launcher] = launchers;
    for (let ping = 1; ping < 3 * mostUnanswered; ping += 1) {
      launcher!.answers = ping % (mostUnanswered - 1) === 0;
      await sessions.ping().catch(() => undefined);
    }
    expect(launcher!.isRunning).toBe(true);
  });

  it('ends with the engine, and is not started any more', async () => {
    await sessions.current();
    await sessions.close();
    expect(launchers.map(({ isRunning }) => isRunning)).toEqual([false]);
    await expect(sessions.current()).rejects.toMatchObject({ kind: 'unreachable' });
  });

  it('that is still starting when the engine is closed ends, too', async () => {
    const starting = sessions.current();
    await sessions.close();
    await starting;
    expect(launchers.map(({ isRunning }) => isRunning)).toEqual([false]);
  });
});

describe('mounts that a burst has left', () => {
  const unmounted = () =>
    launchers.flatMap(({ asked }) =>
      asked.flatMap((question) => (question.kind === 'unmount' ? question.roots : [])),
    );

  async function burst(count: number): Promise<void> {
    const roots = (await sessions.current()).rootsOf(image);
    const taken = await Promise.all(Array.from({ length: count }, () => roots.take()));
    for (const root of taken) roots.giveBack(root);
  }

  async function minutes(count: number): Promise<void> {
    for (let minute = 0; minute < count; minute += 1) {
      clock.advance(minuteMs);
      await settled();
    }
  }

  it('are unmounted after a minute in which nobody needed them, but for a batch', async () => {
    await burst(100);
    await minutes(1);
    expect(unmounted()).toEqual([]);
    await minutes(1);
    const mounted = launchers[0]!.asked.flatMap((question) =>
      question.kind === 'mount' ? question.roots : [],
    );
    expect(mounted.length - unmounted().length).toBe(16);
    expect(new Set(unmounted()).size).toBe(unmounted().length);
  });

  it('are all unmounted where nobody has used the image for long', async () => {
    await burst(1);
    await minutes(12);
    expect(unmounted().length).toBe(16);
  });

  it('go with their launcher, which is asked for nothing then', async () => {
    await burst(100);
    await launchers[0]?.stop();
    await minutes(3);
    expect(unmounted()).toEqual([]);
  });
});
