import { connect, type Socket } from 'node:net';
import type { CancelTimer, Clock } from '../common/time/clock.js';
import {
  type EgressAnswer,
  type EgressCode,
  egressCodes,
  type EgressRequest,
  encodeEgressAnswer,
} from '../ipc/protocol/egress.js';
import { type DecisionParts, permittedAddresses, permittedRecords } from './egress-decision.js';
import { EgressRefusal, refusals } from './egress-refusal.js';
import { sendLastAnswer, readRequest } from './request-exchange.js';
import { type CutBy, Relay, type RelayLimits } from './relay.js';

interface Destination {
  readonly host: string;
  readonly port: number;
  /** Already judged; the connection goes to one of them. */
  readonly addresses: readonly string[];
}

/**
 * Connects to the first address that answers, alternating IPv4 and IPv6; returns the socket at once. Node asks no name
 * server: it gets the addresses that were judged.
 */
function dial({ port, addresses }: Destination): Socket {
  const known = addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  return connect({
    // Nobody resolves this name: what counts is what `lookup` returns.
    host: 'destination',
    port,
    autoSelectFamily: true,
    allowHalfOpen: true,
    noDelay: true,
    lookup: (_name, _options, found) => {
      found(null, known);
    },
  });
}

/** The error of a failed connection: with the system's code if it is an ordinary one. */
function refusalOf(error: NodeJS.ErrnoException, { host, port }: Destination): EgressRefusal {
  // Several addresses fail with one error each; the first says enough.
  const first = error instanceof AggregateError ? (error.errors[0] as NodeJS.ErrnoException) : error;
  const code = egressCodes.find((known) => known === first.code) ?? ('ECONNREFUSED' satisfies EgressCode);
  return refusals.connecting(code, host, port);
}

export interface ConnectionParts extends DecisionParts {
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly limits: RelayLimits;
}

export interface ConnectionListener {
  /** Takes a permit for the request, or returns why there is none. */
  onRequest(): EgressRefusal | undefined;
  /** The permit is free again: nothing goes on for the request any more, not even at the name servers. */
  onPermitReleased(): void;
  onOpened(): void;
  onBytes(direction: 'out' | 'in', bytes: number): void;
  /** `request` is undefined for bytes that are not one. */
  onRefused(refusal: EgressRefusal, request: EgressRequest | undefined): void;
  onCut(by: CutBy, request: EgressRequest): void;
  /** Something unexpected failed; the connection is refused. */
  onFault(error: unknown): void;
  /** Once: its sockets are closed. */
  onClosed(): void;
}

/** One connection of a container to its egress socket: a request, an answer, then perhaps bytes both ways. */
export class EgressConnection {
  private request: EgressRequest | undefined;
  private destination: Socket | undefined;
  private relay: Relay | undefined;
  private hasPermit = false;
  private isJudging = false;
  private isAnswered = false;
  /** Answered for the last time, or closed. */
  private isDone = false;
  private cancelTimer: CancelTimer = () => undefined;

  constructor(
    private readonly client: Socket,
    private readonly parts: ConnectionParts,
    private readonly listener: ConnectionListener,
  ) {
    // 'close' follows every error and says all there is to know.
    client.on('error', () => undefined);
    client.once('close', () => {
      if (!this.relay) this.closed();
    });
    readRequest(client, parts.clock, {
      onRequest: (request) => void this.serve(request),
      onInvalid: (refusal) => {
        this.refuse(refusal);
      },
    });
  }

  /** Breaks off whatever is going on. */
  end(): void {
    this.destination?.destroy();
    this.client.destroy();
  }

  private async serve(request: EgressRequest): Promise<void> {
    this.request = request;
    const refusal = this.listener.onRequest();
    if (refusal) {
      this.refuse(refusal);
      return;
    }
    this.hasPermit = true;
    const { clock, connectTimeoutMs } = this.parts;
    this.cancelTimer = clock.schedule(connectTimeoutMs, () => {
      this.refuse(refusals.timeout(connectTimeoutMs));
    });
    this.isJudging = true;
    try {
      const answer = await this.judge(request);
      if (this.isDone) return;
      if (request.kind === 'connect' && answer.kind === 'ok') this.connect(request, answer.addresses);
      else this.answerAndEnd(answer);
    } catch (error) {
      if (!(error instanceof EgressRefusal)) this.listener.onFault(error);
      this.refuse(error instanceof EgressRefusal ? error : refusals.fault());
    } finally {
      this.isJudging = false;
      this.releasePermit();
    }
  }

  private async judge(request: EgressRequest): Promise<EgressAnswer> {
    if (request.kind === 'query') return permittedRecords(request, this.parts);
    return { kind: 'ok', addresses: await permittedAddresses(request, this.parts) };
  }

  private connect(request: EgressRequest & { kind: 'connect' }, addresses: readonly string[]): void {
    const target = { ...request, addresses };
    const destination = dial(target);
    this.destination = destination;
    destination.on('error', (error) => {
      if (!this.relay) this.refuse(refusalOf(error, target));
    });
    destination.once('connect', () => {
      // Connected to what was judged: anything else would be a hole.
      const address = destination.remoteAddress ?? '';
      if (addresses.includes(address)) this.open(destination, address, request);
      else this.refuse(refusals.address(request.host));
    });
  }

  private open(destination: Socket, address: string, request: EgressRequest): void {
    this.cancelTimer();
    this.isAnswered = true;
    this.listener.onOpened();
    this.client.write(encodeEgressAnswer({ kind: 'ok', addresses: [address] }));
    this.relay = new Relay(this.client, destination, this.parts.clock, this.parts.limits, {
      onBytes: (direction, bytes) => {
        this.listener.onBytes(direction, bytes);
      },
      onCut: (by) => {
        this.listener.onCut(by, request);
      },
      onClosed: () => {
        this.closed();
      },
    });
  }

  private refuse(refusal: EgressRefusal): void {
    if (this.isAnswered || this.isDone) return;
    this.listener.onRefused(refusal, this.request);
    this.answerAndEnd({ kind: 'no', code: refusal.code, sentence: refusal.message });
  }

  private answerAndEnd(answer: EgressAnswer): void {
    this.isAnswered = true;
    this.done();
    sendLastAnswer(this.client, answer, this.parts.clock);
  }

  private closed(): void {
    this.done();
    this.listener.onClosed();
  }

  private done(): void {
    this.isDone = true;
    this.cancelTimer();
    this.destination?.destroy();
    this.releasePermit();
  }

  private releasePermit(): void {
    if (!this.hasPermit || !this.isDone || this.isJudging) return;
    this.hasPermit = false;
    this.listener.onPermitReleased();
  }
}
