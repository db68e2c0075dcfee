import type { Socket } from 'node:net';
import type { CancelTimer, Clock } from '../common/time/clock.js';
import { encodeEgressAnswer, type EgressAnswer, type EgressRequest } from '../ipc/protocol/egress.js';
import { dial, refusalOf } from './dial.js';
import { permittedAddresses, type DecisionParts } from './egress-decision.js';
import { EgressRefusal, refusals } from './egress-refusal.js';
import { giveLastAnswer } from './last-answer.js';
import { Relay, type CutBy, type RelayLimits } from './relay.js';
import { permittedRecords } from './records-decision.js';
import { readRequest } from './request-reader.js';

export interface ConnectionParts extends DecisionParts {
  readonly clock: Clock;
  readonly connectTimeoutMs: number;
  readonly limits: RelayLimits;
}

export interface ConnectionListener {
  /** Something was asked for: takes a place for it, or says why there is none. */
  onAsked(): EgressRefusal | undefined;
  /** The place is free again: nothing that was begun for the request is going on, the name servers' work included. */
  onPlaceLeft(): void;
  onOpened(): void;
  onBytes(direction: 'out' | 'in', bytes: number): void;
  /** `request` is undefined for bytes that are none. */
  onRefused(refusal: EgressRefusal, request: EgressRequest | undefined): void;
  onCut(by: CutBy, request: EgressRequest): void;
  /** Something broke that nobody expected; the connection is refused. */
  onFault(error: unknown): void;
  /** Once: its sockets are closed. */
  onClosed(): void;
}

/** One connection that a container made to its egress socket: a request, an answer, then perhaps bytes both ways. */
export class EgressConnection {
  private request: EgressRequest | undefined;
  private destination: Socket | undefined;
  private relay: Relay | undefined;
  private hasPlace = false;
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
      onNone: (refusal) => {
        this.refuse(refusal);
      },
    });
  }

  /** Breaks off whatever goes on. */
  end(): void {
    this.destination?.destroy();
    this.client.destroy();
  }

  private async serve(request: EgressRequest): Promise<void> {
    this.request = request;
    const refusal = this.listener.onAsked();
    if (refusal) {
      this.refuse(refusal);
      return;
    }
    this.hasPlace = true;
    const { clock, connectTimeoutMs } = this.parts;
    this.cancelTimer = clock.schedule(connectTimeoutMs, () => {
      this.refuse(refusals.timeout(connectTimeoutMs));
    });
    this.isJudging = true;
    try {
      const answer = await this.judge(request);
      if (this.isDone) return;
      if (request.kind === 'connect' && answer.kind === 'ok') this.connect(request, answer.addresses);
      else this.answerLast(answer);
    } catch (error) {
      if (!(error instanceof EgressRefusal)) this.listener.onFault(error);
      this.refuse(error instanceof EgressRefusal ? error : refusals.fault());
    } finally {
      this.isJudging = false;
      this.leavePlace();
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
      // What was judged is what it is connected to: anything else would be a hole.
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
    this.answerLast({ kind: 'no', code: refusal.code, sentence: refusal.message });
  }

  private answerLast(answer: EgressAnswer): void {
    this.isAnswered = true;
    this.done();
    giveLastAnswer(this.client, answer, this.parts.clock);
  }

  private closed(): void {
    this.done();
    this.listener.onClosed();
  }

  private done(): void {
    this.isDone = true;
    this.cancelTimer();
    this.destination?.destroy();
    this.leavePlace();
  }

  private leavePlace(): void {
    if (!this.hasPlace || !this.isDone || this.isJudging) return;
    this.hasPlace = false;
    this.listener.onPlaceLeft();
  }
}
