/** Tells the person who waits what is being done and for how long. Goes to stderr: stdout belongs to results. */
import { refuseIfInterrupted } from './child-process.mjs';

const TERMINAL_TICK_MS = 1_000;
const LOG_TICK_MS = 15_000;

/**
 * Does one step of the set-up: a ticking line on a terminal; in a log, a line now and then and one at the end.
 * @template T
 * @param {string} title what is being done, e.g. `Building`
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function step(title, work) {
  refuseIfInterrupted();
  const startedAt = performance.now();
  const seconds = () => ((performance.now() - startedAt) / 1_000).toFixed(1);
  const isTerminal = process.stderr.isTTY === true;
  const rewrite = isTerminal ? '\r\x1b[K' : '';
  const lineEnd = isTerminal ? '' : '\n';

  const tell = () => process.stderr.write(`${rewrite}${title} ... ${seconds()} s${lineEnd}`);
  process.stderr.write(`${rewrite}${title} ...${lineEnd}`);
  const ticking = setInterval(tell, isTerminal ? TERMINAL_TICK_MS : LOG_TICK_MS);
  let outcome = 'failed after';
  try {
    const result = await work();
    outcome = 'done in';
    return result;
  } finally {
    clearInterval(ticking);
    process.stderr.write(`${rewrite}${title}: ${outcome} ${seconds()} s\n`);
  }
}

/** One sentence to the person who waits. @param {string} sentence */
export function say(sentence) {
  process.stderr.write(`${sentence}\n`);
}
