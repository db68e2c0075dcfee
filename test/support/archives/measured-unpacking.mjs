/**
 * `node measured-unpacking.mjs <archive> <target directory>`: unpacks in a thread as the server does, and prints by how
 * many MiB the process's memory grew at most. A process of its own, because the figure never goes down.
 */
import '../typescript.mjs';

const { CodeThread } = await import('../../../src/code/thread/code-thread.ts');
const { defaultArchiveSettings, defaultLimits } = await import('./unpacking.ts');

const [archivePath, targetDirectory] = process.argv.slice(2);
const peakMiB = () => process.resourceUsage().maxRSS / 1024;
const request = {
  task: 'unpack',
  archivePath,
  targetDirectory,
  limits: defaultLimits,
  handler: 'index.handler',
  reserveBytes: 0,
};
const limits = {
  heapMiB: defaultArchiveSettings.unpackHeapMiB,
  timeoutMs: 600_000,
  tookTooLong: () => new Error('too long'),
  crashed: (cause) => new Error('crashed', { cause }),
};
/** The server's own has decorators, which Node does not take out. */
const clock = {
  schedule: (delayMs, action) => {
    const timer = setTimeout(action, delayMs);
    return () => clearTimeout(timer);
  },
};
const thread = new CodeThread(new URL('../code-thread.mjs', import.meta.url));
const beforeMiB = peakMiB();
const { codeBytes } = await thread.run(request, limits, clock, new AbortController().signal);
process.stdout.write(JSON.stringify({ codeBytes, grownMiB: peakMiB() - beforeMiB }));
