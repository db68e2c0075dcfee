import { PassThrough } from 'node:stream';
import { createProgram } from './program.js';
import { referencePage } from './reference/reference-page.js';

/** The page of the program, of which nothing is run. For scripts/docs.mjs; it is no part of the package. */
export function commandLinePage(): string {
  const stream = new PassThrough();
  const nobody = () => Promise.reject(new Error('Nobody is asked.'));
  return referencePage(
    createProgram({
      stdin: stream,
      stdout: stream,
      stderr: stream,
      environment: {},
      homeDirectory: '/',
      workingDirectory: '/',
      interrupted: new AbortController().signal,
      ask: { isPossible: false, hidden: nobody, confirm: nobody, text: nobody, choose: nobody },
      now: () => new Date(),
      wait: () => Promise.resolve(),
      browse: () => Promise.resolve(false),
    }),
  );
}
