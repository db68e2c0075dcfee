import { Log, type LogFields } from '../../src/common/log/log.js';

export interface LogLine {
  readonly level: 'debug' | 'info' | 'warn' | 'error';
  readonly fields: LogFields;
  readonly message: string;
}

/** Keeps its lines for the test to read, those of its children among them, in order. */
export class RecordingLog extends Log {
  constructor(
    readonly lines: LogLine[] = [],
    private readonly ownFields: LogFields = {},
  ) {
    super();
  }

  override debug(fields: LogFields, message: string): void {
    this.record('debug', fields, message);
  }

  override info(fields: LogFields, message: string): void {
    this.record('info', fields, message);
  }

  override warn(fields: LogFields, message: string): void {
    this.record('warn', fields, message);
  }

  override error(fields: LogFields, message: string): void {
    this.record('error', fields, message);
  }

  override child(fields: LogFields): Log {
    return new RecordingLog(this.lines, { ...this.ownFields, ...fields });
  }

  messagesAt(level: LogLine['level']): string[] {
    return this.lines.filter((line) => line.level === level).map(({ message }) => message);
  }

  private record(level: LogLine['level'], fields: LogFields, message: string): void {
    this.lines.push({ level, fields: { ...this.ownFields, ...fields }, message });
  }
}
