import { exitCodes } from './errors/exit-codes.js';
import { processHost } from './process-host.js';
import { run } from './run.js';

const interruption = new AbortController();

// The first Ctrl-C lets the command end in order, the second ends it.
process.once('SIGINT', () => {
  interruption.abort();
  process.once('SIGINT', () => process.exit(exitCodes.interrupted.code));
});

// Whoever reads, such as `head`, has enough: that is no error.
for (const output of [process.stdout, process.stderr])
  output.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code === 'EPIPE') process.exit(exitCodes.ok.code);
    throw error;
  });

process.exitCode = await run(process.argv.slice(2), processHost(interruption.signal));
