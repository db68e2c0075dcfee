import type { Log } from '../common/log/log.js';

/** Counts what was dropped and says so in the log once when it begins and once when it is over. */
export class DropReport {
  /** Since the start. */
  dropped = 0;
  private seen = 0;
  private since: number | undefined;

  constructor(private readonly log: Log) {}

  /** After each write; `cause` is why it failed, if it did. */
  afterWrite(cause: unknown): void {
    const before = this.seen;
    this.seen = this.dropped;
    if (this.dropped > before) this.begun(before, cause);
    else if (this.since !== undefined) this.over(this.since);
  }

  private begun(before: number, cause: unknown): void {
    if (this.since !== undefined) return;
    this.since = before;
    const why = cause === undefined ? { reason: 'more came than could be written' } : { err: cause };
    this.log.warn(why, 'lines of functions and records of calls are being dropped');
  }

  private over(since: number): void {
    this.since = undefined;
    this.log.info(
      { dropped: this.dropped - since },
      'lines of functions and records of calls are kept again',
    );
  }
}
