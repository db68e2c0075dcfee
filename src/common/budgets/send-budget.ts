import type { NextFunction, Request, Response } from 'express';
import type { ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { callerOf, ofShareHolder, shareHolderOf } from '../auth/caller.js';
import { DomainError } from '../errors/domain-error.js';
import { type BudgetLimits, SharedBudget, type Shortage } from './shared-budget.js';
import type { Clock } from '../time/clock.js';

const retryAfterMs = 5000;

/** Time that a client has for an answer which waits for it: this, and what the slowest connection needs for its bytes. */
const graceMs = 30_000;
const slowestBytesPerMs = 16;

/** Lets go of what is held for an answer; may be called again, and then does nothing. */
type LetGo = () => void;

/**
 * What the server holds of answers because their clients have not taken it yet: of all together, and of each share's holder.
 * An answer that leaves at once is never counted. One that begins to wait while its holder has room is held to its end;
 * from then on the holder is let in no more, and what else comes to wait for it is cut, until its clients have read.
 */
export class SendBudget {
  private readonly budget: SharedBudget;
  private readonly held = new WeakMap<Socket, Map<ServerResponse, LetGo>>();

  constructor(
    limits: BudgetLimits,
    private readonly clock: Clock,
  ) {
    this.budget = new SharedBudget(limits);
  }

  get heldBytes(): number {
    return this.budget.used;
  }

  /** Before anything is done for a request: throws `RATE_LIMITED` while this holder's clients leave too much unread. */
  requireRead(holder: string | undefined): void {
    if (this.budget.used === 0 || holder === undefined) return;
    if (this.budget.usedBy(holder) > 0) this.requireRoom(holder);
  }

  /** Before a large answer is sent: throws `RATE_LIMITED` or `OVERLOADED` where none of it may wait. */
  requireRoom(holder: string | undefined): void {
    if (this.budget.used === 0) return;
    const shortage = this.budget.shortageFor(holder);
    if (shortage !== undefined) throw unread(shortage, holder);
  }

  /** For an answer that was handed over whole: holds what of it waits, or cuts its connection where that has no room. */
  hold(response: ServerResponse, holder: string | undefined): void {
    const bytes = response.writableLength;
    if (bytes === 0 || response.destroyed) return;
    const { socket } = response.req;
    if (socket.destroyed || this.held.get(socket)?.has(response)) return;
    if (this.budget.shortageFor(holder) !== undefined) {
      socket.destroy();
      return;
    }
    this.budget.add(holder, bytes);
    const cancelDeadline = this.limitTime(response, bytes);
    this.holdUntilSent(response, socket, () => {
      cancelDeadline();
      this.budget.giveBack(holder, bytes);
    });
  }

  /** For an answer of which more or less may wait as it goes on. */
  shareFor(holder: string | undefined): StreamShare {
    return new StreamShare(this.budget, holder);
  }

  /** From when it is the answer's turn: those behind a slow one wait for a function, and not for their client. */
  private limitTime(response: ServerResponse, bytes: number): () => void {
    let cancel: () => void = () => undefined;
    const begin = () => {
      cancel = this.clock.schedule(graceMs + bytes / slowestBytesPerMs, () => {
        response.req.socket.destroy();
      });
    };
    if (response.socket) begin();
    else response.once('socket', begin);
    return () => {
      response.off('socket', begin);
      cancel();
    };
  }

  /** Node does not tell an answer that waits behind another when its connection closes, so the connection is asked. */
  private holdUntilSent(response: ServerResponse, socket: Socket, release: () => void): void {
    const waiting = this.held.get(socket) ?? this.watch(socket);
    const letGo = () => {
      if (waiting.delete(response)) release();
    };
    waiting.set(response, letGo);
    response.once('close', letGo);
  }

  private watch(socket: Socket): Map<ServerResponse, LetGo> {
    const waiting = new Map<ServerResponse, LetGo>();
    this.held.set(socket, waiting);
    socket.once('close', () => {
      for (const letGo of waiting.values()) letGo();
    });
    return waiting;
  }
}

function unread(shortage: Shortage, holder: string | undefined): DomainError {
  return shortage === 'share'
    ? new DomainError(
        'RATE_LIMITED',
        `Answers to requests ${ofShareHolder(holder)} are not being read, and as many bytes of them are waiting as may. Read them first.`,
        { retryAfterMs },
      )
    : new DomainError(
        'OVERLOADED',
        'Too many answers are waiting for their clients to read them; try again later.',
        {
          retryAfterMs,
        },
      );
}

/** What waits for its client of one answer that goes on. */
export class StreamShare {
  private bytes = 0;

  constructor(
    private readonly budget: SharedBudget,
    private readonly holder: string | undefined,
  ) {}

  /** So many bytes wait now, or are to. False where there is no room for more; what was counted before stays so. */
  resize(bytes: number): boolean {
    const more = bytes - this.bytes;
    if (more > 0 && this.budget.shortageFor(this.holder, more) !== undefined) return false;
    if (more !== 0) this.budget.add(this.holder, more);
    this.bytes = bytes;
    return true;
  }

  /** Nothing waits any more. */
  close(): void {
    this.resize(0);
  }
}

/** Has the answers of every route that Express serves counted as they end. Node has no event for that moment. */
export function countSending(budget: SendBudget) {
  return (request: Request, response: Response, next: NextFunction): void => {
    const end = response.end.bind(response) as (...given: unknown[]) => unknown;
    response.end = (...given: unknown[]) => {
      end(...given);
      budget.hold(response, shareHolderOf(callerOf(request)));
      return response;
    };
    next();
  };
}
