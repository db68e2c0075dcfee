import type { Log } from '../common/log/log.js';
import { standardLogOutput } from './log-output.js';
import { PinoLog } from './pino-log.js';
import type { TelemetrySettings } from './telemetry.settings.js';

let log: Log | undefined;

/** The log on standard output. A process has one of these, so all applications in it share one buffer before it. */
export function processLog(settings: TelemetrySettings): Log {
  log ??= PinoLog.writingTo(standardLogOutput(settings), settings);
  return log;
}
