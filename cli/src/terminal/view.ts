import type { Style } from './style.js';

/** Where something is shown to a person. */
export interface Screen {
  readonly style: Style;
  readonly columns: number;
  readonly now: Date;
}

/** One result as text: laid out on a terminal, and simple to read for a program in a pipe. Each ends its last line. */
export interface View {
  onTerminal(screen: Screen): string;
  inPipe(): string;
}
