import { mkdir } from 'node:fs/promises';
import type { Clock } from '../../../common/time/clock.js';
import type { LauncherPlace } from './launcher/messages.js';
import { EngineError } from '../container-engine.js';
import { type Launcher, type LauncherOptions, LauncherProcess } from './launcher-process.js';
import { Session } from './session.js';

export interface SessionsOptions {
  /** The launcher's main module. */
  readonly launcher: URL;
  readonly pingTimeoutMs: number;
  /** For each question to the launcher, and for its start. */
  readonly callTimeoutMs: number;
}

interface SessionListeners {
  readonly onEnded: (container: string, exitCode: number) => void;
  readonly onDied: (session: Session) => void;
}

type StartLauncher = (
  clock: Clock,
  options: LauncherOptions,
  onEnded: SessionListeners['onEnded'],
) => Promise<Launcher>;

/** A launcher that leaves so many pings in sequence unanswered is ended, and its containers with it. */
const mostUnanswered = 10;

/** How long a mount that nobody needs is kept. */
const surplusAgeMs = 60_000;

/** The launcher, started when it is first needed, and again after it died. */
export class Sessions {
  private starting: Promise<Session> | undefined;
  private unanswered = 0;
  private isClosed = false;

  constructor(
    private readonly clock: Clock,
    private readonly place: LauncherPlace,
    private readonly options: SessionsOptions,
    private readonly listeners: SessionListeners,
    private readonly startLauncher: StartLauncher = (...how) => LauncherProcess.start(...how),
  ) {}

  /** Rejects as `unreachable` where it does not start. */
  current(): Promise<Session> {
    if (this.isClosed) return Promise.reject(new EngineError('unreachable', 'the engine is closed'));
    if (this.starting) return this.starting;
    const starting = this.start();
    const forget = () => {
      if (this.starting === starting) this.starting = undefined;
    };
    starting.then(({ launcher }) => launcher.died.then(forget), forget);
    this.starting = starting;
    return starting;
  }

  async ping(): Promise<void> {
    const { launcher } = await this.current();
    try {
      await launcher.ask({ kind: 'ping' }, this.options.pingTimeoutMs);
      this.unanswered = 0;
    } catch (error) {
      this.unanswered += 1;
      if (this.unanswered >= mostUnanswered) {
        this.unanswered = 0;
        await launcher.stop();
      }
      throw error;
    }
  }

  async close(): Promise<void> {
    const { starting } = this;
    this.isClosed = true;
    const session = await starting?.catch(() => undefined);
    await session?.launcher.stop();
  }

  private async start(): Promise<Session> {
    const { directory } = this.place;
    const { launcher: program, callTimeoutMs } = this.options;
    await mkdir(directory, { recursive: true, mode: 0o700 });
    const launcher = await this.startLauncher(
      this.clock,
      { directory, program, startTimeoutMs: callTimeoutMs },
      this.listeners.onEnded,
    );
    const session = new Session(launcher, this.place, callTimeoutMs);
    void launcher.died.then(() => {
      this.listeners.onDied(session);
    });
    this.unmountSurplusLater(session);
    return session;
  }

  private unmountSurplusLater(session: Session): void {
    this.clock.schedule(surplusAgeMs, () => {
      if (!session.launcher.isRunning) return;
      void session.unmountSurplus().then(() => {
        this.unmountSurplusLater(session);
      });
    });
  }
}
