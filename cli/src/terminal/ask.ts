export interface Choice<T extends string> {
  readonly value: T;
  readonly label: string;
  readonly hint?: string;
}

/** Questions to the person at the terminal. Each rejects with `Interrupted` at Ctrl-C. */
export interface Ask {
  /** Whether there is a person to ask. */
  readonly isPossible: boolean;
  /** What is typed is not shown. */
  hidden(question: string): Promise<string>;
  confirm(question: string): Promise<boolean>;
  text(
    question: string,
    options?: { readonly initial?: string; readonly check?: (text: string) => string | undefined },
  ): Promise<string>;
  choose<T extends string>(question: string, choices: readonly Choice<T>[]): Promise<T>;
}
