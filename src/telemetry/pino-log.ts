import { type Logger, pino, stdTimeFunctions } from 'pino';
import { Log, type LogFields } from '../common/log/log.js';
import { type LogOutput, standardLogOutput } from './log-output.js';
import type { TelemetrySettings } from './telemetry.settings.js';

/** Headers that carry secrets, wherever a line might hold headers. */
const secrets = ['authorization', 'cookie', '["set-cookie"]', '["x-api-key"]', '["x-glambdar-key"]'];
const redactedPaths = ['', 'headers', 'request.headers', 'response.headers'].flatMap((holder) =>
  secrets.map((name) => (name.startsWith('[') || holder === '' ? `${holder}${name}` : `${holder}.${name}`)),
);

/** One JSON object per line. */
export class PinoLog extends Log {
  private constructor(private readonly logger: Logger) {
    super();
  }

  static writingTo(output: LogOutput, { logLevel }: Pick<TelemetrySettings, 'logLevel'>): PinoLog {
    const options = {
      level: logLevel,
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label: string) => ({ level: label }) },
      redact: { paths: redactedPaths, censor: '[redacted]' },
    };
    return new PinoLog(pino(options, output));
  }

  override debug(fields: LogFields, message: string): void {
    this.logger.debug(fields, message);
  }

  override info(fields: LogFields, message: string): void {
    this.logger.info(fields, message);
  }

  override warn(fields: LogFields, message: string): void {
    this.logger.warn(fields, message);
  }

  override error(fields: LogFields, message: string): void {
    this.logger.error(fields, message);
  }

  override child(fields: LogFields): Log {
    return new PinoLog(this.logger.child(fields));
  }
}

let log: Log | undefined;

/** The log on standard output. A process has one of these, so all applications in it share one buffer before it. */
export function processLog(settings: TelemetrySettings): Log {
  log ??= PinoLog.writingTo(standardLogOutput(settings), settings);
  return log;
}
