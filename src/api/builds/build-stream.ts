import type { ServerResponse } from 'node:http';
import type { AccessLoss } from '../../common/auth/standing-access.js';
import { OpenResponse } from '../../common/connection/open-response.js';
import {
  heartbeatComment,
  serverSentEvent,
  serverSentEventsType,
} from '../../common/connection/server-sent-event.js';
import type { BuildLog } from '../../builds/records/build-log.js';
import { BuildLineResponse, BuildStepResponse, BuildSummary } from './build-response.js';

/** Why nothing more comes: the build has ended, or the client may not follow it any longer. */
export type BuildStreamEnd = 'ended' | 'shutdown' | 'time-limit' | AccessLoss;

/** What the last event says. */
class BuildEnding extends BuildSummary {
  constructor(
    log: BuildLog,
    readonly reason: BuildStreamEnd,
  ) {
    super(log.build, log);
  }
}

/** Lines that are written at once, at most: a client that does not read has no more than these waiting. */
const linesAtOnce = 100;

/**
 * One client that follows a build. It reads the log that the build has in memory anyway, as fast as it can, so nothing is
 * dropped and nothing waits for it but what was written last.
 */
export class BuildStream extends OpenResponse {
  private sentSteps = 0;
  private isSending = false;

  constructor(
    response: ServerResponse,
    private readonly log: BuildLog,
    /** Lines that the client has seen. */
    private sentLines: number,
  ) {
    super(response, serverSentEventsType);
  }

  /** Sends what is new, until there is no more; the build's end ends the answer. */
  async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    while (this.isOpen && this.hasMore) {
      this.sendSteps();
      this.sendLines();
      await this.drained();
    }
    this.isSending = false;
    if (this.log.build.endedAtMs !== null || this.log.isDiscarded) this.end('ended');
  }

  heartbeat(): void {
    if (this.waitingBytes === 0) this.write(heartbeatComment);
  }

  end(reason: BuildStreamEnd): void {
    if (!this.isOpen) return;
    this.write(serverSentEvent('end', new BuildEnding(this.log, reason)));
    this.close();
  }

  private get hasMore(): boolean {
    const { build, lines } = this.log;
    return this.sentSteps < build.steps.length || this.sentLines < lines.length;
  }

  private sendSteps(): void {
    const { steps } = this.log.build;
    for (const step of steps.slice(this.sentSteps))
      this.write(serverSentEvent('step', new BuildStepResponse(step)));
    this.sentSteps = steps.length;
  }

  private sendLines(): void {
    const lines = this.log.lines.slice(this.sentLines, this.sentLines + linesAtOnce);
    this.sentLines += lines.length;
    const events = lines.map((line) => serverSentEvent('line', new BuildLineResponse(line), line.number));
    if (events.length > 0) this.write(events.join(''));
  }
}
