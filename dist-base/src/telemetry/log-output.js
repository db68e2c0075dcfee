import { destination } from 'pino';
import { readEnvironment } from '../common/settings/environment.js';
import { escapeUnsafe } from '../common/text/unsafe-characters.js';
import { logFormatFor } from './log-format.js';
import { textLine } from './text-line.js';
const standardOutput = 1;
/** Lines are written together: a write for each of them would take an eighth of a warm call's time. */ const writtenTogetherBytes = 8 * 1024;
/** The longest that a line waits for others, and so what a `kill -9` may take from the log's end. */ const longestWaitMs = 100;
export function standardLogOutput(settings) {
    const output = destination({
        dest: standardOutput,
        sync: false,
        minLength: writtenTogetherBytes,
        maxLength: settings.logBufferBytes,
        periodicFlush: longestWaitMs
    });
    // Nobody reads the log any more; the server goes on without one.
    output.on('error', ()=>undefined);
    process.once('exit', ()=>{
        output.flushSync();
    });
    const format = logFormatFor(settings, {
        isTerminal: process.stdout.isTTY,
        environment: readEnvironment()
    });
    return inFormat(format, output);
}
/** What a line holds may be a stranger's text; whoever shows it on a terminal, at once or later, sees text. */ export function inFormat(format, output) {
    const written = (json)=>format === 'json' ? escapeUnsafe(json) : textLine(json, format === 'colored-text');
    return {
        write: (line)=>{
            output.write(written(line));
        },
        flushSync: ()=>{
            output.flushSync();
        }
    };
}

//# sourceMappingURL=log-output.js.map