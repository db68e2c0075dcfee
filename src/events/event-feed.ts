import { Injectable } from '@nestjs/common';
import type { EventId } from './event.js';

type Listener<T> = (about: T) => void;

/**
 * What happens to events, told within this server, so that nobody has to look at the disk for it: who dispatches hears that
 * something is due, and who waits for one event hears that it has ended. What is told is on the disk already. Listeners run on
 * the teller's time: they take a few microseconds and never throw.
 */
@Injectable()
export class EventFeed {
  private readonly dueListeners: Listener<string>[] = [];
  private readonly deletionListeners: Listener<EventId>[] = [];
  private readonly endListeners = new Map<EventId, Set<() => void>>();

  /** Hears the id of each function of which an event has become due. */
  onDue(listener: Listener<string>): void {
    this.dueListeners.push(listener);
  }

  /** Of an event that was accepted, or is to be tried again at once. */
  due(functionId: string): void {
    for (const listener of this.dueListeners) listener(functionId);
  }

  /** Runs once this event has ended or was deleted. Gives what ends the listening. */
  onEnded(id: EventId, listener: () => void): () => void {
    const listeners = this.endListeners.get(id) ?? new Set();
    this.endListeners.set(id, listeners.add(listener));
    return () => {
      if (listeners.delete(listener) && listeners.size === 0) this.endListeners.delete(id);
    };
  }

  /** Hears of each event that was deleted, which may run here. */
  onDeleted(listener: Listener<EventId>): void {
    this.deletionListeners.push(listener);
  }

  deleted(id: EventId): void {
    for (const listener of this.deletionListeners) listener(id);
    this.ended(id);
  }

  /** An event has succeeded, is dead, or is no more. */
  ended(id: EventId): void {
    const listeners = this.endListeners.get(id);
    if (!listeners) return;
    this.endListeners.delete(id);
    for (const listener of listeners) listener();
  }
}
