import { Injectable } from '@nestjs/common';
import { Log } from '../common/log/log.js';
import { Clock } from '../common/time/clock.js';
import { FunctionEvents } from '../functions/function-events.js';
import { FunctionRegistry } from '../functions/function-registry.js';
import { type EndedCall, EndedCalls } from '../invocation/invocation.js';
import { type PrintedLine, SandboxEvents } from '../sandbox/sandbox-events.js';
import { endedInvocationOf, runtimeRemarkOn } from './ended-call-record.js';
import { LogFeed } from './logs/log-feed.js';
import { RecordWriter } from './record-writer.js';
import { RecordStore } from './store/record-store.js';

const perMs = 1000;

/**
 * Numbers for lines: each greater than the one before, also across restarts and lost writes, because they begin with
 * the time in microseconds. A client that has seen a number can always go on after it.
 */
class LineNumbers {
  private last = 0;

  /** No number up to this one is given any more. */
  passOver(sequence: number): void {
    this.last = Math.max(this.last, sequence);
  }

  next(atMs: number): number {
    this.last = Math.max(this.last + 1, atMs * perMs);
    return this.last;
  }
}

/** Deleted functions whose last calls may still print; more are not kept in mind, the next start forgets the rest. */
const deletedKept = 1000;

/** Listens to the modules below and records lines, calls that ended, and deleted functions. */
@Injectable()
export class RecordKeeper {
  private readonly numbers = new LineNumbers();
  private readonly deleted = new Set<string>();

  constructor(
    private readonly writer: RecordWriter,
    private readonly store: RecordStore,
    private readonly feed: LogFeed,
    private readonly sandboxEvents: SandboxEvents,
    private readonly endedCalls: EndedCalls,
    private readonly functionEvents: FunctionEvents,
    private readonly functions: FunctionRegistry,
    private readonly clock: Clock,
    private readonly log: Log,
  ) {}

  /** Before anything prints or is called. */
  start(): void {
    this.sandboxEvents.onPrinted((line) => {
      this.printed(line);
    });
    this.sandboxEvents.onUsed((invocationId, usage) => {
      this.writer.usage(invocationId, usage);
    });
    this.endedCalls.onEnded((ended) => {
      if (this.deleted.has(ended.deployed.id)) return;
      this.remarkOn(ended);
      this.writer.invocation(endedInvocationOf(ended, this.clock.wallTime().getTime()));
    });
    this.functionEvents.onDeleted(({ id }) => {
      this.forget(id);
    });
    // Not waited for: a server that cannot read its records serves all the same.
    void this.takeUp();
  }

  /** Containers are gone by now, so nothing more comes. */
  async stop(): Promise<void> {
    await this.writer.flush();
    await this.store.close();
  }

  private remarkOn(ended: EndedCall): void {
    const remark = runtimeRemarkOn(ended);
    if (!remark) return;
    const { id, name, version, revision } = ended.deployed;
    this.printed({
      ...remark,
      function: { id, name, version: version.number, revision },
      invocationId: ended.invocation.trace.identity.invocationId,
      atMs: this.clock.wallTime().getTime(),
      phase: 'call',
      stream: 'runtime',
      isCut: false,
      droppedBytes: 0,
    });
  }

  private printed(line: PrintedLine): void {
    if (this.deleted.has(line.function.id)) return;
    const numbered = { ...line, sequence: this.numbers.next(line.atMs) };
    this.writer.line(numbered);
    this.feed.publish(numbered);
  }

  private forget(functionId: string): void {
    this.deleted.add(functionId);
    const [oldest] = this.deleted;
    if (this.deleted.size > deletedKept && oldest !== undefined) this.deleted.delete(oldest);
    this.feed.deleted(functionId);
    this.writer.forget(functionId);
    this.store.forget(functionId).catch((err: unknown) => {
      this.log.warn(
        { err },
        'records of a deleted function could not be removed; the next start removes them',
      );
    });
  }

  private async takeUp(): Promise<void> {
    try {
      this.numbers.passOver(await this.store.newestSequence());
      await this.store.retain(this.functions.list().map(({ id }) => id));
    } catch (err) {
      this.log.warn({ err }, 'the records of earlier runs could not be read');
    }
  }
}
