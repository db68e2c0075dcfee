import type { Answer } from '../../support/client.js';

/** Code that means harm, and what its caller must get. */
export interface HostileFunction {
  readonly title: string;
  /** `index.js`, or all files by their names. */
  readonly code: string | Readonly<Record<string, string | Buffer>>;
  readonly expected: Expected;
  /** Calls one after the other, each with the same expectation. */
  readonly calls?: number;
}

/** Returns what is wrong with an answer, `undefined` when nothing is. */
export type Expected = (answer: Answer) => string | undefined;

const statusOf = (code: string) => (code.endsWith('_TIMEOUT') ? 504 : 502);

/** The function's own fault, by one of these codes. */
export function fails(...codes: string[]): Expected {
  return ({ status, code, text }) =>
    codes.includes(code) && status === statusOf(code) ? undefined : `${status} ${text.slice(0, 300)}`;
}

/** The function answers for itself, and what it found satisfies the condition. */
export function answers(isRight: (said: never) => boolean): Expected {
  return ({ status, text }) => {
    if (status !== 200) return `${status} ${text.slice(0, 300)}`;
    return isRight(JSON.parse(text) as never) ? undefined : `it said ${text.slice(0, 1000)}`;
  };
}

/** The answer had begun, so that all the server can do is to end the connection before the answer ends. */
export const breaksOff: Expected = ({ status, text, isBrokenOff }) =>
  status === 200 && isBrokenOff ? undefined : `${status} ${text.slice(0, 300)}`;

export function either(...all: Expected[]): Expected {
  return (answer) => {
    const wrong = all.map((expected) => expected(answer));
    return wrong.includes(undefined) ? undefined : wrong.join('; ');
  };
}

/** A handler with this body; `event` and `context` are its arguments. */
export function handler(body: string): string {
  return `exports.handler = async (event, context) => {\n${body}\n};\n`;
}
