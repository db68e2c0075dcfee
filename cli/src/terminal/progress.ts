import type { Host } from '../host.js';
import { hasColors } from './style.js';
import { safeLine, safeLines } from './safe-text.js';

/** What is going on, while it does. */
export interface Progress {
  update(text: string): void;
  /** Lines that stay, above what is going on. */
  line(text: string): void;
}

/**
 * Shows on standard error that something takes its time: a spinner on a terminal, of which nothing remains. Elsewhere
 * only the lines that stay are written.
 */
export async function during<T>(
  { stderr, environment }: Pick<Host, 'stderr' | 'environment'>,
  text: string,
  work: (progress: Progress) => Promise<T>,
): Promise<T> {
  const write = (line: string) => stderr.write(`${safeLines(line)}\n`);
  if (stderr.isTTY !== true || environment['TERM'] === 'dumb')
    return work({ update: () => undefined, line: write });
  const { default: ora } = await import('ora');
  const color = hasColors(environment, stderr) ? 'cyan' : false;
  const spinner = ora({
    text: safeLine(text),
    stream: stderr,
    color,
    discardStdin: false,
    // Decided above, where the person sits and not by what the environment has of a build.
    isEnabled: true,
  });
  spinner.start();
  try {
    return await work({
      update: (next) => {
        spinner.text = safeLine(next);
      },
      line: (line) => {
        spinner.clear();
        write(line);
        spinner.render();
      },
    });
  } finally {
    spinner.stop();
  }
}
