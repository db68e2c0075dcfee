import { standardLogOutput } from './log-output.js';
import { PinoLog } from './pino-log.js';
let log;
/** The log on standard output. A process has one of these, so all applications in it share one buffer before it. */ export function processLog(settings) {
    log ??= PinoLog.writingTo(standardLogOutput(settings), settings);
    return log;
}

//# sourceMappingURL=process-log.js.map