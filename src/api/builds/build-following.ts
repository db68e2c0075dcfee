import { Inject, Injectable } from '@nestjs/common';
import type { ServerResponse } from 'node:http';
import type { BuildLog } from '../../builds/records/build-log.js';
import {
  buildRecordsSettings,
  type BuildRecordsSettings,
} from '../../builds/records/build-records.settings.js';
import { AccessWatch } from '../../common/auth/access-watch.js';
import type { Caller } from '../../common/auth/caller.js';
import {
  fairShareSettings,
  type FairShareSettings,
  shareOf,
} from '../../common/budgets/fair-share.settings.js';
import { SharedBudget } from '../../common/budgets/shared-budget.js';
import { DomainError } from '../../common/errors/domain-error.js';
import { Clock } from '../../common/time/clock.js';
import { BuildStream } from './build-stream.js';

const heartbeatMs = 15_000;
/** Longer than any build; a client that is gone without a word would keep its place for ever. */
const longestMs = 3_600_000;

const retry = { retryAfterMs: 5000 };

/** Who follows builds. */
@Injectable()
export class BuildFollowing {
  private readonly streams = new Set<BuildStream>();
  private readonly followers: SharedBudget;
  private isClosed = false;

  constructor(
    private readonly access: AccessWatch,
    private readonly clock: Clock,
    @Inject(buildRecordsSettings.config.KEY) { followers: total }: BuildRecordsSettings,
    @Inject(fairShareSettings.config.KEY) { keyPercent }: FairShareSettings,
  ) {
    this.followers = new SharedBudget({ total, share: shareOf(total, keyPercent) });
  }

  /**
   * Sends the build's lines after the first `seen` and then each as it comes. Throws `OVERLOADED` when too many follow
   * already, `RATE_LIMITED` when too many with this key do, and `DRAINING` when the server stops.
   */
  follow(response: ServerResponse, log: BuildLog, caller: Caller, seen: number): void {
    this.take(caller);
    const stream = new BuildStream(response, log, seen);
    this.streams.add(stream);
    const watched = {
      caller,
      scope: 'functions:deploy',
      functionName: log.build.functionName,
      onLoss: (reason) => {
        stream.end(reason);
      },
    } satisfies Parameters<AccessWatch['watch']>[0];
    const ends = [
      log.onChange(() => void stream.send()),
      this.access.watch(watched),
      this.clock.schedule(longestMs, () => {
        stream.end('time-limit');
      }),
      this.beat(stream),
      () => {
        this.followers.giveBack(caller.keyId);
        this.streams.delete(stream);
      },
    ];
    stream.onClosed(() => {
      for (const end of ends) end();
    });
    stream.open();
    void stream.send();
  }

  /** Before connections are waited for: a build that is cut short by the stop ends none of these by itself in time. */
  close(): void {
    this.isClosed = true;
    for (const stream of [...this.streams]) stream.end('shutdown');
  }

  private take({ keyId }: Caller): void {
    if (this.isClosed)
      throw new DomainError('DRAINING', 'The server is shutting down; try again shortly.', retry);
    const shortage = this.followers.take(keyId);
    if (shortage === 'share') {
      const sentence = 'Your key follows as many builds as it may; end one, or ask without follow.';
      throw new DomainError('RATE_LIMITED', sentence, retry);
    }
    if (shortage === 'total') {
      const sentence =
        'As many clients follow builds as the server allows; ask without follow, or try again later.';
      throw new DomainError('OVERLOADED', sentence, retry);
    }
  }

  private beat(stream: BuildStream): () => void {
    const later = () =>
      this.clock.schedule(heartbeatMs, () => {
        stream.heartbeat();
        cancel = later();
      });
    let cancel = later();
    return () => {
      cancel();
    };
  }
}
