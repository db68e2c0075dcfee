import { pino, stdTimeFunctions } from 'pino';
import { Log } from '../common/log/log.js';
/** Headers that carry secrets, wherever a line might hold headers. */ const secrets = [
    'authorization',
    'cookie',
    '["set-cookie"]',
    '["x-api-key"]'
];
const redactedPaths = [
    '',
    'headers',
    'request.headers',
    'response.headers'
].flatMap((holder)=>secrets.map((name)=>name.startsWith('[') || holder === '' ? `${holder}${name}` : `${holder}.${name}`));
/** One JSON object per line. */ export class PinoLog extends Log {
    logger;
    constructor(logger){
        super(), this.logger = logger;
    }
    static writingTo(output, { logLevel }) {
        const options = {
            level: logLevel,
            timestamp: stdTimeFunctions.isoTime,
            formatters: {
                level: (label)=>({
                        level: label
                    })
            },
            redact: {
                paths: redactedPaths,
                censor: '[redacted]'
            }
        };
        return new PinoLog(pino(options, output));
    }
    debug(fields, message) {
        this.logger.debug(fields, message);
    }
    info(fields, message) {
        this.logger.info(fields, message);
    }
    warn(fields, message) {
        this.logger.warn(fields, message);
    }
    error(fields, message) {
        this.logger.error(fields, message);
    }
    child(fields) {
        return new PinoLog(this.logger.child(fields));
    }
}

//# sourceMappingURL=pino-log.js.map