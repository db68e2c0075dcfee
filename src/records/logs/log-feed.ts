import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { DomainError } from '../../common/errors/domain-error.js';
import { recordsSettings, type RecordsSettings } from '../records.settings.js';
import type { LogLine } from '../store/record-store.js';

/** Why nothing more will come. */
export type FeedEnd = 'deleted' | 'shutdown';

/** Both are called at once, a flood of lines also: they must not wait, nor throw. */
export interface FeedListener {
  line(line: LogLine): void;
  end(reason: FeedEnd): void;
}

/** Hands each line to those who follow its function, as it is printed. */
@Injectable()
export class LogFeed implements OnModuleDestroy {
  private readonly listeners = new Map<string, Set<FeedListener>>();
  private count = 0;
  private isClosed = false;

  constructor(@Inject(recordsSettings.config.KEY) private readonly settings: RecordsSettings) {}

  /** Throws `OVERLOADED` when too many follow already, `DRAINING` when the server stops. */
  subscribe(functionId: string, listener: FeedListener): () => void {
    if (this.isClosed) {
      throw new DomainError('DRAINING', 'The server is shutting down; try again shortly.', {
        retryAfterMs: 5000,
      });
    }
    if (this.count >= this.settings.followers) {
      throw new DomainError(
        'OVERLOADED',
        `${this.settings.followers} clients follow logs already, and no more may; ask without follow.`,
        { retryAfterMs: 5000 },
      );
    }
    const following = this.listeners.get(functionId) ?? new Set();
    this.listeners.set(functionId, following.add(listener));
    this.count += 1;
    return () => {
      if (!following.delete(listener)) return;
      this.count -= 1;
      if (following.size === 0) this.listeners.delete(functionId);
    };
  }

  publish(line: LogLine): void {
    const following = this.listeners.get(line.function.id);
    if (!following) return;
    for (const listener of following) listener.line(line);
  }

  /** The function is deleted. */
  deleted(functionId: string): void {
    this.end(functionId, 'deleted');
  }

  /** Before connections are waited for: these would never end by themselves. */
  onModuleDestroy(): void {
    this.isClosed = true;
    for (const functionId of [...this.listeners.keys()]) this.end(functionId, 'shutdown');
  }

  private end(functionId: string, reason: FeedEnd): void {
    const following = this.listeners.get(functionId);
    if (!following) return;
    this.listeners.delete(functionId);
    this.count -= following.size;
    const ended = [...following];
    following.clear();
    for (const listener of ended) listener.end(reason);
  }
}
