import { mkdtempSync, rmSync } from 'node:fs';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EgressService } from '../../../src/egress/egress.service.js';
import { fairShareSettings } from '../../../src/common/budgets/fair-share.settings.js';
import { egressSettings, type EgressSettings } from '../../../src/egress/egress.settings.js';
import type { EgressProxy } from '../../../src/egress/egress-proxy.js';
import { ManualClock } from '../../fakes/manual-clock.js';
import { RecordingLog } from '../../fakes/recording-log.js';
import { settingsFor } from '../builders/functions.js';
import { until } from '../eventually.js';
import { FixedNames } from './names.js';
import { allowListOf } from './worker-outside.js';

/** What came back on one connection to the proxy, until it ended. */
export class ProxyPeer {
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

/** Time stands still, so what comes again with it must suffice for a whole test that is about something else. */
const wideOpen = {
  allowedRanges: '127.0.0.0/8',
  serverConnectionsPerSecond: 100_000,
  serverMibPerSecond: 100_000,
};

/** A proxy with everything real but time and names, and a destination that sends back what it gets. */
export class ProxyWorld {
  readonly clock = new ManualClock();
  readonly log = new RecordingLog();
  readonly service: EgressService;
  /** The sentences for the function's author. */
  readonly said: string[] = [];
  readonly names: FixedNames;
  /** Connections that a limit has ended. */
  cuts = 0;
  private readonly directories: string[] = [];
  private directory = '';
  private readonly echo: Server;
  private readonly proxies: EgressProxy[] = [];
  private proxy: EgressProxy | undefined;

  private constructor(names: FixedNames, settings: Partial<EgressSettings>) {
    this.names = names;
    this.echo = createServer({ allowHalfOpen: true }, (socket) => {
      socket.on('error', () => undefined).pipe(socket);
    });
    const all = settingsFor(egressSettings, { ...wideOpen, ...settings });
    this.service = new EgressService(this.clock, this.log, names, all, settingsFor(fairShareSettings));
  }

  static async open(
    rules: readonly string[],
    {
      names = new FixedNames({ 'echo.test': ['127.0.0.1'] }),
      ...settings
    }: Partial<EgressSettings> & { names?: FixedNames } = {},
  ): Promise<ProxyWorld> {
    const world = new ProxyWorld(names, settings);
    await new Promise<void>((resolve) => world.echo.listen(0, '127.0.0.1', resolve));
    await world.addContainer('f', rules);
    return world;
  }

  /** Another container, from now on the one that is spoken for. */
  async addContainer(functionId: string, rules: readonly string[]): Promise<void> {
    this.directory = mkdtempSync(join(tmpdir(), 'gl-egress-'));
    this.directories.push(this.directory);
    const listener = {
      onCut: () => void (this.cuts += 1),
      say: (sentence: string) => void this.said.push(sentence),
    };
    const whose = { functionId, functionName: functionId, container: 'c' };
    const order = { directory: this.directory, ...whose, listener };
    this.proxy = await this.service.open({ ...order, allowList: allowListOf(...rules) });
    this.proxies.push(this.proxy);
  }

  get port(): number {
    return (this.echo.address() as AddressInfo).port;
  }

  connect(): ProxyPeer {
    return new ProxyPeer(connect({ path: join(this.directory, 'egress'), allowHalfOpen: true }));
  }

  say(line: string): ProxyPeer {
    const peer = this.connect();
    peer.socket.write(line);
    return peer;
  }

  ask(line: string): Promise<string> {
    return this.say(`${line}\n`).answer();
  }

  /** As when the container gets a call. */
  startCall(): void {
    this.proxy?.startCall();
  }

  closeProxy(): void {
    this.proxy?.close();
  }

  closeProxies(): void {
    for (const proxy of this.proxies) proxy.close();
  }

  /** Closes everything; what the proxies still hold then. */
  async end(): Promise<{ open: number; sockets: number; timers: number }> {
    this.closeProxies();
    const { counters } = this.service;
    await until(() => counters.open === 0 && counters.sockets === 0);
    await new Promise((resolve) => this.echo.close(resolve));
    for (const directory of this.directories) rmSync(directory, { recursive: true });
    return { open: counters.open, sockets: counters.sockets, timers: this.clock.pendingTimers };
  }
}
