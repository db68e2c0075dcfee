import type { Environment, Output } from '../host.js';

const codes = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type StyleName = keyof typeof codes;

/** Text as it looks at its place: in colour, or as it is. */
export type Style = (name: StyleName, text: string) => string;

export const plain: Style = (_name, text) => text;

export const colored: Style = (name, text) => {
  const [begin, end] = codes[name];
  return text === '' ? '' : `\u001b[${begin}m${text}\u001b[${end}m`;
};

/** `NO_COLOR` has the last word, `FORCE_COLOR` the one before; otherwise a terminal has colours unless it is a dumb one. */
export function hasColors(environment: Environment, { isTTY = false }: Pick<Output, 'isTTY'>): boolean {
  const { NO_COLOR = '', FORCE_COLOR = '', TERM } = environment;
  if (NO_COLOR !== '') return false;
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0' && FORCE_COLOR !== 'false';
  return isTTY && TERM !== 'dumb';
}

export function styleFor(environment: Environment, output: Pick<Output, 'isTTY'>): Style {
  return hasColors(environment, output) ? colored : plain;
}
