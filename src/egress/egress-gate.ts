import { join } from 'node:path';
import type { Socket } from 'node:net';
import type { Log } from '../common/log/log.js';
import type { Clock } from '../common/time/clock.js';
import { egressSocketFile, type EgressRequest } from '../ipc/protocol/egress.js';
import type { AddressPolicy } from './address-policy.js';
import type { AllowList } from './allow-list.js';
import { EgressConnection, type ConnectionParts } from './egress-connection.js';
import type { EgressCounters } from './egress-counters.js';
import { EgressListener } from './egress-listener.js';
import { destinationText, refusals, type EgressLimit, type EgressRefusal } from './egress-refusal.js';
import type { EgressShares } from './egress-shares.js';
import { egressSettings, type EgressSettings } from './egress.settings.js';
import type { NameResolver } from './name-resolver.js';
import type { CutBy } from './relay.js';
import { ResolvedNames } from './resolved-names.js';

/** What all gates share. */
export interface GateContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly counters: EgressCounters;
  readonly resolver: NameResolver;
  readonly policy: AddressPolicy;
  readonly settings: EgressSettings;
  readonly shares: EgressShares;
}

export interface GateListener {
  /** A connection of the container ends because of a limit, which the container has not noticed yet. */
  onCut(): void;
  /** A sentence to the function's author: what no connection of theirs can tell them. */
  tell(sentence: string): void;
}

export interface GateOrder {
  /** The container's run directory on the host. */
  readonly directory: string;
  /** Whose share the container's connections count against. */
  readonly functionId: string;
  /** For the log. */
  readonly functionName: string;
  readonly container: string;
  readonly allowList: AllowList;
  readonly listener: GateListener;
}

/** Lines in the function's log about the connections of one container that were cut. */
const maxToldCuts = 20;

const bytesPerMiB = 1024 * 1024;

/** One container's way out: the socket in its directory, and every connection made through it. */
export class EgressGate {
  private readonly connections = new Set<EgressConnection>();
  private readonly listener: EgressListener;
  private readonly parts: ConnectionParts;
  private readonly toldLimits = new Set<EgressLimit>();
  private placesTaken = 0;
  private unloggedCount = 0;
  private toldCuts = 0;
  private usedAtMs = Number.NEGATIVE_INFINITY;

  /** `log` carries whose container it is. */
  constructor(
    private readonly order: GateOrder,
    private readonly context: GateContext,
    private readonly log: Log,
  ) {
    const { clock, resolver, policy, settings, shares } = context;
    this.parts = {
      ...{ allowList: order.allowList, clock, resolver, policy },
      resolved: new ResolvedNames(),
      connectTimeoutMs: settings.connectTimeoutMs,
      limits: {
        idleMs: settings.idleTimeoutSeconds * 1000,
        ageMs: settings.ageSeconds * 1000,
        maxBytes: settings.connectionMiB * bytesPerMiB,
        usedAtMs: () => this.usedAtMs,
        pace: shares.paceOf(order.functionId),
      },
    };
    this.listener = new EgressListener(join(order.directory, egressSocketFile), clock, settings, {
      onConnection: (client) => {
        this.accept(client, () => this.takePlace());
      },
      onExcess: (client) => {
        this.accept(client, () => refusals.rate(settings.connectionsPerSecond));
      },
      onFault: (err) => {
        if (this.mayLog()) log.error({ err }, "a container's egress socket failed");
      },
    });
  }

  listen(): Promise<void> {
    return this.listener.listen();
  }

  /** The container is given a call: from now on its connections may be idle for the whole limit again. */
  used(): void {
    this.usedAtMs = this.context.clock.monotonicMs();
  }

  /** Breaks every connection off and takes the socket off the disk. */
  close(): void {
    this.listener.close();
    for (const connection of this.connections) connection.end();
    if (this.unloggedCount > 0) {
      this.log.warn({ unlogged: this.unloggedCount }, 'more was refused or cut than was logged');
    }
  }

  private takePlace(): EgressRefusal | undefined {
    const { counters, settings, shares } = this.context;
    const { functionId } = this.order;
    if (shares.requests.isSpent(functionId)) return refusals.rateOfFunction(shares.requests.share);
    shares.requests.spend(functionId);
    if (this.placesTaken >= settings.connections) return refusals.connections(settings.connections);
    const shortage = shares.places.take(functionId);
    if (shortage === 'share') return refusals.connectionsOfFunction(shares.places.share);
    if (shortage === 'total') return refusals.connectionsOfServer(settings.serverConnections);
    this.placesTaken += 1;
    counters.open += 1;
    return undefined;
  }

  private leavePlace(): void {
    const { counters, shares } = this.context;
    this.placesTaken -= 1;
    counters.open -= 1;
    shares.places.giveBack(this.order.functionId);
  }

  private accept(client: Socket, onAsked: () => EgressRefusal | undefined): void {
    const { counters } = this.context;
    counters.sockets += 1;
    const connection: EgressConnection = new EgressConnection(client, this.parts, {
      onAsked,
      onPlaceLeft: () => {
        this.leavePlace();
      },
      onOpened: () => {
        counters.opened += 1;
      },
      onBytes: (direction, bytes) => {
        if (direction === 'out') counters.bytesOut += bytes;
        else counters.bytesIn += bytes;
      },
      onRefused: (refusal, request) => {
        this.refused(refusal, request);
      },
      onCut: (by, request) => {
        this.cut(by, request);
      },
      onFault: (err) => {
        if (this.mayLog()) this.log.error({ err }, 'a connection could not be judged');
      },
      onClosed: () => {
        counters.sockets -= 1;
        this.connections.delete(connection);
      },
    });
    this.connections.add(connection);
  }

  private refused(refusal: EgressRefusal, request: EgressRequest | undefined): void {
    const { counters } = this.context;
    counters.refused[refusal.code] += 1;
    this.warn('connection refused', {
      code: refusal.code,
      destination: destinationOf(request),
      reason: refusal.message,
    });
    if (!refusal.limit) return;
    counters.limited[refusal.limit] += 1;
    // Code may swallow the error that says it; the function's author shall find it.
    if (!this.toldLimits.has(refusal.limit)) this.order.listener.tell(refusal.message);
    this.toldLimits.add(refusal.limit);
  }

  /** Of a connection that is cut the function sees only that it ends. */
  private cut(by: CutBy, request: EgressRequest): void {
    const { variable } = egressSettings.definitions[by];
    const destination = destinationOf(request);
    this.toldCuts += 1;
    if (this.toldCuts <= maxToldCuts)
      this.order.listener.tell(`A connection to ${destination} was cut, as ${variable} asks for.`);
    this.warn('connection cut', { destination, setting: variable });
    this.order.listener.onCut();
  }

  private warn(message: string, fields: Readonly<Record<string, string | undefined>>): void {
    if (this.mayLog()) this.log.warn(fields, message);
  }

  /** Whether the function has not had its share of lines in the server's log. */
  private mayLog(): boolean {
    const { logLines } = this.context.shares;
    const { functionId } = this.order;
    const mayLog = !logLines.isSpent(functionId);
    if (mayLog) logLines.spend(functionId);
    else this.unloggedCount += 1;
    return mayLog;
  }
}

function destinationOf(request: EgressRequest | undefined): string | undefined {
  if (!request) return undefined;
  return destinationText(request.host, request.kind === 'connect' ? request.port : undefined);
}
