import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressService } from '../../../src/egress/egress.service.js';
import { egressSettings, type EgressSettings } from '../../../src/egress/egress.settings.js';
import type { EgressGate } from '../../../src/egress/egress-gate.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { RecordingLog } from '../../fakes/recording-log.js';
import { settingsFor } from '../builders/settings.js';
import { until } from '../until.js';
import { FixedNames } from './fixed-names.js';
import { allowListOf } from './rules.js';

/** What came back on one connection to the gate, until it ended. */
export class GatePeer {
  readonly closed: Promise<string>;
  received = '';

  constructor(readonly socket: Socket) {
    this.closed = new Promise((resolve) => {
      socket.setEncoding('latin1');
      socket.on('data', (text: string) => (this.received += text));
      socket.on('error', () => undefined);
      socket.once('end', () => socket.end());
      for (const ending of ['end', 'close']) {
        socket.once(ending, () => {
          resolve(this.received);
        });
      }
    });
  }

  /** The answer's line; rejects when there is none. */
  async answer(): Promise<string> {
    while (!this.received.includes('\n')) {
      const more = new Promise<boolean>((resolve) =>
        this.socket.once('data', () => {
          resolve(true);
        }),
      );
      if (!(await Promise.race([more, this.closed.then(() => false)]))) break;
    }
    return this.received.split('\n')[0] ?? '';
  }
}

/** A gate with everything real but time and names, and a destination that sends back what it gets. */
export class GateWorld {
  readonly clock = new ManualClock();
  readonly log = new RecordingLog();
  readonly service: EgressService;
  /** What the function's author is told. */
  readonly told: string[] = [];
  readonly names: FixedNames;
  /** Connections that a limit has ended. */
  cuts = 0;
  private readonly directory = mkdtempSync(join(tmpdir(), 'gl-egress-'));
  private readonly echo: Server;
  private gate: EgressGate | undefined;

  private constructor(names: FixedNames, settings: Partial<EgressSettings>) {
    this.names = names;
    this.echo = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined).pipe(socket);
    });
    const all = settingsFor(egressSettings, { allowedRanges: '127.0.0.0/8', ...settings });
    this.service = new EgressService(this.clock, this.log, names, all);
  }

  static async open(
    rules: readonly string[],
    {
      names = new FixedNames({ 'echo.test': ['127.0.0.1'] }),
      ...settings
    }: Partial<EgressSettings> & { names?: FixedNames } = {},
  ): Promise<GateWorld> {
    const world = new GateWorld(names, settings);
    await new Promise<void>((resolve) => world.echo.listen(0, '127.0.0.1', resolve));
    const listener = {
      onCut: () => void (world.cuts += 1),
      tell: (sentence: string) => void world.told.push(sentence),
    };
    const order = { directory: world.directory, functionName: 'f', container: 'c', listener };
    world.gate = await world.service.open({ ...order, allowList: allowListOf(...rules) });
    return world;
  }

  get port(): number {
    return (this.echo.address() as AddressInfo).port;
  }

  connect(): GatePeer {
    return new GatePeer(connect({ path: join(this.directory, 'egress'), allowHalfOpen: true }));
  }

  say(line: string): GatePeer {
    const peer = this.connect();
    peer.socket.write(line);
    return peer;
  }

  ask(line: string): Promise<string> {
    return this.say(`${line}\n`).answer();
  }

  /** As when the container is given a call. */
  use(): void {
    this.gate?.used();
  }

  closeGate(): void {
    this.gate?.close();
  }

  /** Closes everything; what the gate still holds then. */
  async end(): Promise<{ open: number; timers: number }> {
    this.closeGate();
    await until(() => this.service.counters.open === 0);
    await new Promise((resolve) => this.echo.close(resolve));
    rmSync(this.directory, { recursive: true });
    return { open: this.service.counters.open, timers: this.clock.pendingTimers };
  }
}
