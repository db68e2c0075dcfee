import { Inject, Injectable } from '@nestjs/common';
import { AccessWatch, type Watched } from '../../common/auth/access-watch.js';
import type { Caller } from '../../common/auth/caller.js';
import type { AccessLoss } from '../../common/auth/standing-access.js';
import { SendBudget } from '../../common/budgets/send-budget.js';
import { Clock } from '../../common/time/clock.js';
import type { DeployedFunction } from '../../functions/function.js';
import { ReadQueue } from '../read-queue.js';
import { RecordWriter } from '../record-writer.js';
import { recordsSettings, type RecordsSettings } from '../records.settings.js';
import { type LinePage, type LineQuery, type LogLine, RecordStore } from '../store/record-store.js';
import { FollowPace, LogFeed } from './log-feed.js';
import { LogFollower } from './log-follower.js';
import { maxLines } from './log-query.js';
import type { LogStream } from './log-stream.js';

export interface Following {
  readonly caller: Caller;
  readonly filter: Omit<LineQuery, 'functionId'>;
  /** The last line that the client has seen; without it the newest lines are sent first. */
  readonly after: number | undefined;
}

/** Sends a client what is kept of a log and then what is printed, without a gap and without a line twice. */
@Injectable()
export class LogFollowing {
  constructor(
    private readonly store: RecordStore,
    private readonly writer: RecordWriter,
    private readonly queue: ReadQueue,
    private readonly feed: LogFeed,
    private readonly pace: FollowPace,
    private readonly access: AccessWatch,
    private readonly sendBudget: SendBudget,
    private readonly clock: Clock,
    @Inject(recordsSettings.config.KEY) private readonly settings: RecordsSettings,
  ) {}

  /**
   * Resolves when the stream is live. Rejects, with nothing sent yet, as `LogFeed.subscribe`, `ReadQueue.inTurn` and
   * `RecordStore.lines` do.
   */
  async follow(
    { id, name }: DeployedFunction,
    stream: LogStream,
    { caller, filter, after }: Following,
  ): Promise<void> {
    const follower = new LogFollower(stream, (line) => matches(line, filter), {
      pace: this.pace,
      sendShare: this.sendBudget.shareFor(caller.keyId),
      bytes: this.settings.followerBytes,
    });
    // Before the kept lines are read, so that none falls between the two.
    const unsubscribe = this.feed.subscribe(id, caller.keyId, follower);
    stream.onClosed(unsubscribe);
    try {
      await this.writer.flushLines(id);
      const query = { ...filter, functionId: id, ...(after === undefined ? {} : { after, limit: maxLines }) };
      const first = await this.page(query, caller);
      stream.open();
      this.watchAccess(stream, follower, { caller, functionName: name });
      this.limitTime(stream, follower);
      this.beat(stream, follower);
      follower.goLive(await this.sendKept(stream, follower, { query, first, caller }));
    } catch (error) {
      unsubscribe();
      throw error;
    }
  }

  /** Page after page where the client asks for all since a line; resolves to the number of the last one. */
  private async sendKept(
    stream: LogStream,
    follower: LogFollower,
    {
      query,
      first,
      caller,
    }: { readonly query: LineQuery; readonly first: LinePage; readonly caller: Caller },
  ): Promise<number> {
    let last = query.after ?? 0;
    for (let page: LinePage | undefined = first; page && stream.isOpen;) {
      for (const line of page.lines) {
        await stream.drained();
        follower.sendKept(line);
      }
      last = page.lines.at(-1)?.sequence ?? last;
      const goesOn: number | null = query.after === undefined ? null : page.next;
      page = goesOn === null ? undefined : await this.page({ ...query, after: goesOn }, caller);
    }
    return last;
  }

  private page(query: LineQuery, { keyId }: Caller): Promise<LinePage> {
    return this.queue.inTurn(keyId, () => this.store.lines(query));
  }

  private watchAccess(
    stream: LogStream,
    follower: LogFollower,
    whose: Pick<Watched, 'caller' | 'functionName'>,
  ): void {
    const onLoss = (reason: AccessLoss) => {
      follower.cut(reason);
    };
    stream.onClosed(this.access.watch({ ...whose, scope: 'logs:read', onLoss }));
  }

  /** A client that is gone without a word, or never reads, would keep its place for as long as nothing is printed. */
  private limitTime(stream: LogStream, follower: LogFollower): void {
    const cancel = this.clock.schedule(this.settings.followSeconds * 1000, () => {
      follower.cut('time-limit');
    });
    stream.onClosed(cancel);
  }

  private beat(stream: LogStream, follower: LogFollower): void {
    const beatLater = () =>
      this.clock.schedule(this.settings.heartbeatSeconds * 1000, () => {
        follower.heartbeat();
        cancel = beatLater();
      });
    let cancel = beatLater();
    stream.onClosed(() => {
      cancel();
    });
  }
}

function matches(line: LogLine, { invocationId, levels, contains, sinceMs }: Following['filter']): boolean {
  return (
    (invocationId === undefined || line.invocationId === invocationId) &&
    (levels === undefined || levels.includes(line.level)) &&
    (contains === undefined || line.text.includes(contains)) &&
    (sinceMs === undefined || line.atMs >= sinceMs)
  );
}
