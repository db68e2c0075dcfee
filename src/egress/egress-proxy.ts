import { join } from 'node:path';
import type { Socket } from 'node:net';
import type { Log } from '../common/log/log.js';
import type { Clock } from '../common/time/clock.js';
import { egressSocketFile } from '../ipc/protocol/egress.js';
import type { AddressPolicy } from './address-policy.js';
import { DenialLog } from './denial-log.js';
import { EgressConnection, type ConnectionParts } from './egress-connection.js';
import { ResolvedNames, type AllowList } from './egress-decision.js';
import { EgressListener } from './egress-listener.js';
import { refusals, type EgressRefusal } from './egress-refusal.js';
import type { EgressCounters, EgressShares } from './egress-shares.js';
import type { EgressSettings } from './egress.settings.js';
import type { NameResolver } from './name-resolver.js';

/** What all proxies share. */
export interface ProxyContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: EgressCounters;
  readonly resolver: NameResolver;
  readonly policy: AddressPolicy;
  readonly settings: EgressSettings;
  readonly shares: EgressShares;
}

export interface ProxyListener {
  /** A connection of the container ends because of a limit, which the container has not noticed yet. */
  onCut(): void;
  /** A sentence for the function's author, about what the function's code cannot see. */
  say(sentence: string): void;
}

export interface ProxyOptions {
  /** The container's run directory on the host. */
  readonly directory: string;
  /** Whose share the container's connections count against. */
  readonly functionId: string;
  /** For the log. */
  readonly functionName: string;
  readonly container: string;
  readonly allowList: AllowList;
  readonly listener: ProxyListener;
}

const bytesPerMiB = 1024 * 1024;

/** One container's egress: the socket in its directory, and every connection made through it. */
export class EgressProxy {
  private readonly connections = new Set<EgressConnection>();
  private readonly listener: EgressListener;
  private readonly denials: DenialLog;
  private readonly parts: ConnectionParts;
  private permitsTaken = 0;
  private lastCallMs = Number.NEGATIVE_INFINITY;

  constructor(
    private readonly options: ProxyOptions,
    private readonly context: ProxyContext,
  ) {
    const { clock, counters, resolver, policy, settings, shares } = context;
    const { functionId, functionName, container, listener, allowList } = options;
    const log = context.log.child({ function: functionName, container });
    this.denials = new DenialLog({
      log,
      counters,
      shares,
      functionId,
      say: (sentence) => {
        listener.say(sentence);
      },
    });
    this.parts = {
      ...{ allowList, clock, resolver, policy },
      resolved: new ResolvedNames(),
      connectTimeoutMs: settings.connectTimeoutMs,
      limits: {
        idleMs: settings.idleTimeoutSeconds * 1000,
        ageMs: settings.ageSeconds * 1000,
        maxBytes: settings.connectionMiB * bytesPerMiB,
        lastCallMs: () => this.lastCallMs,
        pace: shares.paceOf(functionId),
      },
    };
    this.listener = new EgressListener(join(options.directory, egressSocketFile), clock, settings, {
      onConnection: (client) => {
        this.accept(client, () => this.takePermit());
      },
      onExcess: (client) => {
        this.accept(client, () => refusals.rate(settings.connectionsPerSecond));
      },
      onFault: (error) => {
        this.denials.failed(error, "a container's egress socket failed");
      },
    });
  }

  listen(): Promise<void> {
    return this.listener.listen();
  }

  /** The container gets a call: from now on its connections may be idle for the whole limit again. */
  startCall(): void {
    this.lastCallMs = this.context.clock.monotonicMs();
  }

  /** Breaks off every connection and removes the socket. */
  close(): void {
    this.listener.close();
    for (const connection of this.connections) connection.end();
    this.denials.close();
  }

  private takePermit(): EgressRefusal | undefined {
    const { counters, settings, shares } = this.context;
    const { functionId } = this.options;
    if (shares.requests.isSpent(functionId)) return refusals.rateOfFunction(shares.requests.share);
    shares.requests.spend(functionId);
    if (this.permitsTaken >= settings.connections) return refusals.connections(settings.connections);
    const shortage = shares.permits.take(functionId);
    if (shortage === 'share') return refusals.connectionsOfFunction(shares.permits.share);
    if (shortage === 'total') return refusals.connectionsOfServer(settings.serverConnections);
    this.permitsTaken += 1;
    counters.open += 1;
    return undefined;
  }

  private releasePermit(): void {
    const { counters, shares } = this.context;
    this.permitsTaken -= 1;
    counters.open -= 1;
    shares.permits.giveBack(this.options.functionId);
  }

  private accept(client: Socket, onRequest: () => EgressRefusal | undefined): void {
    const { counters } = this.context;
    counters.sockets += 1;
    const connection: EgressConnection = new EgressConnection(client, this.parts, {
      onRequest,
      onPermitReleased: () => {
        this.releasePermit();
      },
      onOpened: () => {
        counters.opened += 1;
      },
      onBytes: (direction, bytes) => {
        if (direction === 'out') counters.bytesOut += bytes;
        else counters.bytesIn += bytes;
      },
      onRefused: (refusal, request) => {
        this.denials.refused(refusal, request);
      },
      onCut: (by, request) => {
        this.denials.cut(by, request);
        this.options.listener.onCut();
      },
      onFault: (error) => {
        this.denials.failed(error, 'a connection could not be judged');
      },
      onClosed: () => {
        counters.sockets -= 1;
        this.connections.delete(connection);
      },
    });
    this.connections.add(connection);
  }
}
