import { DomainError } from '../common/errors/domain-error.js';
import { BuildFailure } from './build-failure.js';
import type { BuildEnd, BuildJournal, BuildStep, BuildStream } from './build-journal.js';

/** Lines that the answer to a failed deployment has: enough for npm's own explanation. */
const keptLines = 40;
const keptLineLength = 500;

/** What one build says: everything goes to the journal, and its last lines stay here for whoever waits for it. */
export class BuildLog {
  private last: readonly string[] = [];
  private current: BuildStep = 'queue';

  constructor(
    private readonly id: string,
    private readonly journal: BuildJournal,
  ) {}

  step(step: BuildStep): void {
    this.current = step;
    this.journal.step(this.id, step);
  }

  line(stream: BuildStream, text: string): void {
    for (const line of text.split(/\r?\n/)) {
      this.last = [...this.last, line.slice(0, keptLineLength)].slice(-keptLines);
      this.journal.line(this.id, stream, line);
    }
  }

  end(end: BuildEnd): void {
    this.journal.end(this.id, end);
  }

  /** Says why it failed, as far as whoever deployed may know. */
  failed(error: unknown): void {
    const isKnown = error instanceof BuildFailure || error instanceof DomainError;
    const message = isKnown ? error.message : 'The server failed unexpectedly; its log says more.';
    const step = error instanceof BuildFailure ? error.step : this.current;
    this.line('system', message);
    this.end({ state: 'failed', cached: false, failure: { step, message } });
  }

  lastLines(): readonly string[] {
    return this.last;
  }
}
