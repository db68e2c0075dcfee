import { join } from 'node:path';
import type { Socket } from 'node:net';
import type { Log } from '../common/log/log.js';
import type { Clock } from '../common/time/clock.js';
import { egressSocketFile, encodeEgressAnswer, type EgressRequest } from '../ipc/protocol/egress.js';
import type { AddressPolicy } from './address-policy.js';
import type { AllowList } from './allow-list.js';
import { EgressConnection, type ConnectionParts } from './egress-connection.js';
import type { EgressCounters } from './egress-counters.js';
import { EgressListener } from './egress-listener.js';
import { destinationText, refusals, type EgressRefusal } from './egress-refusal.js';
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
}

export interface GateListener {
  /** A connection of the container ends because of a limit, which the container has not noticed yet. */
  onCut(): void;
  /** A sentence to the function's author: what no connection of theirs can tell them. */
  tell(sentence: string): void;
}

/** Lines about what one container did not get; the rest is only counted, so that no function can fill the log. */
const maxLoggedRefusals = 100;

/** Lines in the function's log about the limits that one container met. */
const maxToldLimits = 20;

const bytesPerMiB = 1024 * 1024;

/** One container's way out: the socket in its directory, and every connection made through it. */
export class EgressGate {
  private readonly connections = new Set<EgressConnection>();
  private readonly listener: EgressListener;
  private readonly parts: ConnectionParts;
  private refusedCount = 0;
  private toldCount = 0;
  private usedAtMs = Number.NEGATIVE_INFINITY;

  /** `log` carries whose container it is. */
  constructor(
    directory: string,
    allowList: AllowList,
    private readonly context: GateContext,
    private readonly log: Log,
    private readonly gateListener: GateListener,
  ) {
    const { clock, resolver, policy, settings } = context;
    this.parts = {
      ...{ allowList, clock, resolver, policy },
      resolved: new ResolvedNames(),
      connectTimeoutMs: settings.connectTimeoutMs,
      limits: {
        idleMs: settings.idleTimeoutSeconds * 1000,
        ageMs: settings.ageSeconds * 1000,
        maxBytes: settings.connectionMiB * bytesPerMiB,
        usedAtMs: () => this.usedAtMs,
      },
    };
    this.listener = new EgressListener(
      join(directory, egressSocketFile),
      clock,
      settings,
      (client) => {
        this.accept(client);
      },
      (err) => {
        log.error({ err }, "a container's egress socket failed");
      },
    );
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
    if (this.refusedCount > maxLoggedRefusals) {
      this.log.warn({ refused: this.refusedCount }, 'connections refused, of which the first were logged');
    }
  }

  private accept(client: Socket): void {
    const { counters, settings } = this.context;
    if (this.connections.size >= settings.connections) {
      this.turnAway(client, refusals.connections(settings.connections));
    } else if (counters.open >= settings.serverConnections) {
      this.turnAway(client, refusals.connectionsOfServer(settings.serverConnections));
    } else {
      this.serve(client);
    }
  }

  private turnAway(client: Socket, refusal: EgressRefusal): void {
    this.refused(refusal, undefined);
    this.tell(refusal.message);
    client.on('error', () => undefined);
    client.write(encodeEgressAnswer({ kind: 'no', code: refusal.code, sentence: refusal.message }));
    client.destroySoon();
  }

  private serve(client: Socket): void {
    const { counters } = this.context;
    counters.open += 1;
    const connection: EgressConnection = new EgressConnection(client, this.parts, {
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
        this.log.error({ err }, 'a connection could not be judged');
      },
      onClosed: () => {
        counters.open -= 1;
        this.connections.delete(connection);
      },
    });
    this.connections.add(connection);
  }

  private refused(refusal: EgressRefusal, request: EgressRequest | undefined): void {
    this.context.counters.refused[refusal.code] += 1;
    this.refusedCount += 1;
    if (this.refusedCount > maxLoggedRefusals) return;
    this.log.warn(
      { code: refusal.code, destination: destinationOf(request), reason: refusal.message },
      'connection refused',
    );
  }

  /** Of connections that are cut the function sees only that they end, of too many perhaps nothing. */
  private tell(sentence: string): void {
    this.toldCount += 1;
    if (this.toldCount <= maxToldLimits) this.gateListener.tell(sentence);
  }

  private cut(by: CutBy, request: EgressRequest): void {
    const { variable } = egressSettings.definitions[by];
    this.tell(`A connection to ${destinationOf(request)} was cut, as ${variable} asks for.`);
    this.log.warn({ destination: destinationOf(request), setting: variable }, 'connection cut');
    this.gateListener.onCut();
  }
}

function destinationOf(request: EgressRequest | undefined): string | undefined {
  if (!request) return undefined;
  return destinationText(request.host, request.kind === 'connect' ? request.port : undefined);
}
