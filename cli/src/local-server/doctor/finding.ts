/** What the doctor says about one thing that a server needs. */
export interface Finding {
  readonly name: string;
  /** `warning`: a server starts, but not as well as it could. `missing`: it does not start. */
  readonly state: 'ok' | 'warning' | 'missing';
  readonly found: string;
  /** How to get what is missing. */
  readonly remedy?: string;
}

export function ok(name: string, found: string): Finding {
  return { name, state: 'ok', found };
}

export function warning(name: string, found: string, remedy: string): Finding {
  return { name, state: 'warning', found, remedy };
}

export function missing(name: string, found: string, remedy: string): Finding {
  return { name, state: 'missing', found, remedy };
}
