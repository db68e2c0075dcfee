import type { WorkerMessage } from './protocol/messages.js';
import type { ViolationReason } from './protocol/protocol-violation.js';

/**
 * `prewarmed`: connected, no function yet. `loading`: the function's top-level code runs. `ready`: no call runs. `busy`: one
 * call runs. `streaming`: the head of its answer has come, and the body comes in chunks. `answered`: it has its whole
 * answer, and the worker has not yet asked for the next. `gone`: the end.
 */
export type SessionPhase = 'prewarmed' | 'loading' | 'ready' | 'busy' | 'streaming' | 'answered' | 'gone';

export type SessionEvent = 'load' | 'invoke' | 'stream' | 'answer' | 'ready' | 'end';

const moves: Readonly<Record<SessionPhase, Readonly<Partial<Record<SessionEvent, SessionPhase>>>>> = {
  prewarmed: { load: 'loading', end: 'gone' },
  loading: { ready: 'ready', end: 'gone' },
  ready: { invoke: 'busy', end: 'gone' },
  busy: { stream: 'streaming', answer: 'answered', end: 'gone' },
  streaming: { answer: 'answered', end: 'gone' },
  answered: { ready: 'ready', end: 'gone' },
  gone: {},
};

const messagesAllowed: Readonly<Record<SessionPhase, readonly WorkerMessage['type'][]>> = {
  prewarmed: [],
  loading: ['log', 'ready', 'loadError'],
  ready: ['log'],
  busy: ['log', 'result', 'value', 'error'],
  streaming: ['log', 'chunk', 'end', 'error'],
  answered: ['log', 'ready'],
  gone: [],
};

/** The only way to another phase. A move that is not in the table throws: it is a defect of the host. */
export function nextPhase(phase: SessionPhase, event: SessionEvent): SessionPhase {
  const next = moves[phase][event];
  if (!next) throw new Error(`A session that is ${phase} cannot take '${event}'.`);
  return next;
}

/** Whether the worker may send this now. If not, it has broken the protocol. */
export function mayReceive(phase: SessionPhase, type: WorkerMessage['type']): boolean {
  return messagesAllowed[phase].includes(type);
}

/**
 * `closed`: the host itself ended the session. `disconnected`: the worker's end of the socket closed. `load-failed`:
 * the function's code did not load, and its worker serves nothing else.
 */
type GoneReason = 'closed' | 'disconnected' | 'load-failed';

/**
 * Why a session ended, and what its pending promises reject with. `gone`: nobody answers any more, and what happened
 * to the container says why. `violation`: the worker, or the function that shares its process, broke the protocol.
 */
export class PeerError extends Error {
  override readonly name = 'PeerError';

  private constructor(
    readonly kind: 'gone' | 'violation',
    readonly reason: GoneReason | ViolationReason,
    message: string,
  ) {
    super(message);
  }

  static gone(reason: GoneReason): PeerError {
    return new PeerError('gone', reason, `The worker is gone: ${reason}.`);
  }

  static violation(reason: ViolationReason, message: string): PeerError {
    return new PeerError('violation', reason, message);
  }
}
