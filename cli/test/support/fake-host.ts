import { Readable, Writable } from 'node:stream';
import type { Environment, Host } from '../../src/host.js';
import type { Ask } from '../../src/terminal/ask.js';
import { run } from '../../src/run.js';

export interface Given {
  readonly environment?: Environment;
  /** What is piped in; nothing, unless said. */
  readonly stdin?: string | Uint8Array;
  /** Whether a person sits there: then standard output and error are a terminal, and these are the answers. */
  readonly terminal?: { readonly columns?: number; readonly answers?: readonly (string | boolean)[] };
  readonly homeDirectory?: string;
  readonly workingDirectory?: string;
  readonly interrupted?: AbortSignal;
  /** What happens with a page that is to be opened; false unless said. */
  readonly browse?: (url: string) => boolean;
}

export interface Ran {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** The questions that were asked. */
  readonly asked: readonly string[];
}

export const fakeNow = new Date('2026-03-01T12:00:00.000Z');

/** Runs the program in this process, as `main.ts` does in one of its own. */
export async function runCommand(words: readonly string[], given: Given = {}): Promise<Ran> {
  const stdout = collecting(given.terminal);
  const stderr = collecting(given.terminal);
  const asked: string[] = [];
  const host: Host = {
    stdin: Readable.from(given.stdin === undefined ? [] : [Buffer.from(given.stdin)]),
    stdout: stdout.stream,
    stderr: stderr.stream,
    environment: given.environment ?? {},
    homeDirectory: given.homeDirectory ?? '/nonexistent',
    workingDirectory: given.workingDirectory ?? '/nonexistent',
    interrupted: given.interrupted ?? new AbortController().signal,
    ask: scriptedAnswers(given.terminal?.answers ?? [], asked, given.terminal !== undefined),
    now: () => fakeNow,
    // Nothing of a spec takes time.
    wait: () => Promise.resolve(),
    browse: (url) => Promise.resolve(given.browse?.(url) ?? false),
  };
  const exitCode = await run(words, host);
  return { exitCode, stdout: stdout.text(), stderr: stderr.text(), asked };
}

function collecting(terminal: Given['terminal']) {
  const chunks: Buffer[] = [];
  const stream = new Writable({
    write(chunk: Buffer, _encoding, done) {
      chunks.push(Buffer.from(chunk));
      done();
    },
  });
  if (terminal !== undefined) {
    const still = () => true;
    Object.assign(stream, {
      isTTY: true,
      columns: terminal.columns ?? 80,
      cursorTo: still,
      clearLine: still,
      moveCursor: still,
    });
  }
  return { stream, text: () => Buffer.concat(chunks).toString() };
}

function scriptedAnswers(answers: readonly (string | boolean)[], asked: string[], isPossible: boolean): Ask {
  const left = [...answers];
  const next = (question: string) => {
    asked.push(question);
    const answer = left.shift();
    if (answer === undefined) throw new Error(`Nobody answers "${question}".`);
    return answer;
  };
  return {
    isPossible,
    hidden: async (question) => String(next(question)),
    confirm: async (question) => next(question) === true,
    text: async (question) => String(next(question)),
    choose: async <T extends string>(question: string) => next(question) as T,
  };
}
