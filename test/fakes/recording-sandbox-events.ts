import { type InvocationUsage, type PrintedLine, SandboxEvents } from '../../src/sandbox/sandbox-events.js';
import { RecordingLog } from './recording-log.js';

/** Keeps what it is told for the test to read. */
export class RecordingSandboxEvents extends SandboxEvents {
  readonly lines: PrintedLine[] = [];
  readonly usages = new Map<string, InvocationUsage>();

  constructor() {
    super(new RecordingLog());
    this.onPrinted((line) => this.lines.push(line));
    this.onUsed((invocationId, usage) => this.usages.set(invocationId, usage));
  }
}
